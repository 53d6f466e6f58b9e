namespace MessageRouter;

/// <summary>What an at-least-once link says of a message: the same message may come more than once.</summary>
/// <param name="Id">The message's id, the same each time that it is delivered.</param>
/// <param name="Redeliveries">How often it was delivered before; 0 the first time.</param>
public sealed record MessageDelivery(string Id, int Redeliveries);
