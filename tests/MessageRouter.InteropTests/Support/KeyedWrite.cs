namespace MessageRouter.InteropTests.Support;

/// <summary>A message with a key, which a node has written.</summary>
/// <param name="Node">Which node.</param>
/// <param name="Feeder">Who has fed the message.</param>
/// <param name="Key">Its key.</param>
/// <param name="Number">Its number: of two messages of a feeder the later one has the higher.</param>
/// <param name="Fed">A time before it was fed.</param>
/// <param name="Written">When it was written, by the same clock.</param>
internal sealed record KeyedWrite(string Node, string Feeder, int Key, int Number, long Fed, long Written);
