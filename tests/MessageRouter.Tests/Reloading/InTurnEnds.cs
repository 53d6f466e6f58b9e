using MessageRouter.Components;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Reloading;

/// <summary>An input of which two cannot be open at a time, and which fails with what it is sent.</summary>
internal sealed class InTurnInput : InputActor
{
    private readonly Options _options;

    public InTurnInput(Options options)
    {
        _options = options;
        Receive<Exception>(exception => throw exception);
    }

    protected override void Open() => _options.Opens();

    public static ComponentDefinition Of(string name, Action opens) => Some.Component<InTurnInput>(name, new Options(opens));

    internal sealed record Options(Action Opens) : IOpensInTurn;
}

/// <summary>An output of which two cannot be open at a time.</summary>
internal sealed class InTurnOutput(InTurnOutput.Options options) : OutputActor
{
    protected override void Open() => options.Opens();

    protected override void Write(Message message)
    {
    }

    public static ComponentDefinition Of(string name, Action opens) => Some.Component<InTurnOutput>(name, new Options(opens));

    internal sealed record Options(Action Opens) : IOpensInTurn;
}
