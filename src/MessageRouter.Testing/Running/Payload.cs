namespace MessageRouter.Testing.Running;

/// <summary>What is sent as one message.</summary>
internal readonly record struct Payload(ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte>[]? LeadingFrames = null);
