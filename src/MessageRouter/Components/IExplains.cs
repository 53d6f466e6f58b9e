namespace MessageRouter.Components;

/// <summary>
/// Implemented by a filter that can say why it does with a message what it does, for <c>message-router explain</c>. What a filter does is seen without that; only it knows
/// which of its options has decided, by which value.
/// </summary>
/// <example>
/// <code>
/// public IEnumerable&lt;Reason&gt; Explain(Message message) =>
///     [new Reason(message["level"] is { } level ? $"`level` is {level}" : "it has no `level`", Key: "levels")];
/// </code>
/// </example>
public interface IExplains
{
    /// <summary>
    /// Says what decides about a message, and changes nothing. It is asked before the message is given to the filter, on the actor's own thread, so that the filter's state is
    /// what the message meets.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <returns>Reasons in the order in which they count; none where there is nothing to say.</returns>
    IEnumerable<Reason> Explain(Message message);
}
