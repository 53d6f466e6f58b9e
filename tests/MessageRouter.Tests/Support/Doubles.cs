using System.Collections.Concurrent;
using Akka.Actor;
using MessageRouter.Components;

namespace MessageRouter.Tests.Support;

/// <summary>A filter that does what a test says.</summary>
internal sealed class ScriptedFilter : FilterActor
{
    private readonly Options _options;

    public ScriptedFilter(Options options)
    {
        _options = options;
        options.Create();
        Receive<Exception>(exception => throw exception);
        Receive<Action>(action => action());
    }

    protected override void Open() => _options.Open(Self);

    protected override void Close() => _options.Close();

    protected override Message? Filter(Message message) => _options.Filter(message);

    public static ComponentDefinition Of(Func<Message, Message?> filter, string name = "f") =>
        Some.Component<ScriptedFilter>(name, new Options { Filter = filter });

    public static ComponentDefinition Throwing(Predicate<int> when, string name = "f") =>
        Of(message => when((int)message["n"]!) ? throw new InvalidOperationException("no") : message, name);

    internal sealed record Options
    {
        public Func<Message, Message?> Filter { get; init; } = message => message;

        public Action Create { get; init; } = () => { };

        public Action<IActorRef> Open { get; init; } = _ => { };

        public Action Close { get; init; } = () => { };
    }
}

/// <summary>An input that a test hands messages to and whose reader it lets fail.</summary>
internal sealed class FailingInput(FailingInput.Options options) : InputActor
{
    protected override void Open()
    {
        options.Source.Connect(Intake);
        options.Fail = FailureReporter(Self);
        options.Open();
    }

    protected override void Close() => options.Close();

    internal sealed record Options : IPausableInput
    {
        public ProbeSource Source { get; } = new();

        public Action<Exception> Fail { get; set; } = _ => { };

        public Action Open { get; init; } = () => { };

        public Action Close { get; init; } = () => { };
    }
}

/// <summary>An output that does with each message what a test says.</summary>
internal sealed class ScriptedOutput(ScriptedOutput.Options options) : OutputActor
{
    protected override void Open()
    {
        options.Open();
        if (options.PausesWhenOpened) PauseTaking();
    }

    protected override void Write(Message message) => options.Write(message);

    public static ComponentDefinition Of(Action<Message> write, string name = "sink") =>
        Some.Component<ScriptedOutput>(name, new Options { Write = write });

    internal sealed record Options
    {
        public required Action<Message> Write { get; init; }

        public Action Open { get; init; } = () => { };

        /// <summary>Whether it is to take no messages from when it has opened on.</summary>
        public bool PausesWhenOpened { get; init; }
    }
}

/// <summary>An output that keeps what it is given, and takes no more, until its gate opens.</summary>
internal sealed class GatedOutput(GatedOutput.Options options) : OutputActor
{
    protected override void Open()
    {
        options.Gate.Attach(Self);
        if (!options.Gate.IsOpen) return;
        Delivered(Unfinished);
        ResumeTaking();
    }

    protected override void WriteBatch(MessageBatch batch)
    {
        foreach (var message in batch.Messages) options.Gate.Taken.Enqueue(message.ToString());
        if (options.Gate.IsOpen) Delivered(batch.Count);
        else PauseTaking();
    }

    private protected override bool HandleControl(object message)
    {
        if (message is not Gate.Opened) return base.HandleControl(message);
        Delivered(Unfinished);
        ResumeTaking();
        return true;
    }

    internal sealed record Options
    {
        public required Gate Gate { get; init; }
    }
}

internal sealed class Gate
{
    private volatile bool _open;
    private volatile IActorRef _output = ActorRefs.Nobody;

    public bool IsOpen => _open;

    public ConcurrentQueue<string> Taken { get; } = new();

    public void Attach(IActorRef output) => _output = output;

    public void Open()
    {
        _open = true;
        _output.Tell(new Opened());
    }

    public ComponentDefinition Output(string name = "sink") =>
        Some.Component<GatedOutput>(name, new GatedOutput.Options { Gate = this });

    internal sealed record Opened;
}

/// <summary>An output that keeps what the batches share that it is given, and asks for no message.</summary>
internal sealed class PlainOutput(PlainOutput.Options options) : OutputActor
{
    protected override void WriteBatch(MessageBatch batch)
    {
        options.Details.Add(batch.PlainDetails);
        Delivered(batch.Count);
    }

    internal sealed record Options(List<MessageDetails?> Details);
}
