using MessageRouter.Components;

namespace MessageRouter.Tests.Support;

/// <summary>Standard streams of a test's choice.</summary>
internal sealed class TestStreams : IStandardStreams
{
    public Stream Input { get; init; } = Stream.Null;

    public Stream Output { get; init; } = Stream.Null;

    public Stream Error { get; init; } = Stream.Null;

    public Stream OpenInput() => Input;

    public Stream OpenOutput() => Output;

    public Stream OpenError() => Error;
}
