namespace MessageRouter.Components;

/// <summary>
/// Implemented by options of components of which two of the same cannot be open at a time: a reload closes the old one before it opens the new one, and
/// opens the old one again where that fails. What <see cref="IOwnsAddresses">owns</see> the same addresses as before is treated so without it.
/// </summary>
internal interface IOpensInTurn;
