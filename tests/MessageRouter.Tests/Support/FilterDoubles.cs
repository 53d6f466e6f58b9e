using System.Collections.Concurrent;
using Akka.Actor;
using MessageRouter.Components;

namespace MessageRouter.Tests.Support;

/// <summary>An emitting filter that does what a test says; it can be told an action, which may emit.</summary>
internal sealed class ScriptedEmitter : EmittingFilterActor
{
    private readonly Options _options;

    public ScriptedEmitter(Options options)
    {
        _options = options;
        Receive<Action<Action<Message>>>(action => action(Emit));
        ReceiveAsync<Func<Action<Message>, Task>>(action => action(Emit));
    }

    protected override void Open() => _options.Open(Self);

    protected override void Process(Message message) => _options.Process(message, Emit);

    protected override void Flush() => _options.Flush(Emit);

    public static ComponentDefinition Of(Action<Message, Action<Message>> process, string name = "f") =>
        Some.Component<ScriptedEmitter>(name, new Options { Process = process });

    /// <summary>Emits as many messages for <c>{"n":N}</c> as N says.</summary>
    public static void Count(Message message, Action<Message> emit)
    {
        var n = (int)message["n"]!;
        for (var i = 1; i <= n; i++) emit(Message.FromText($"{n}.{i}"));
    }

    internal sealed record Options
    {
        public required Action<Message, Action<Message>> Process { get; init; }

        public Action<Action<Message>> Flush { get; init; } = _ => { };

        public Action<IActorRef> Open { get; init; } = _ => { };
    }
}

/// <summary>An asynchronous filter whose work a test ends, message by message.</summary>
internal sealed class ScriptedAsync : AsyncFilterActor
{
    private readonly Script _script;

    public ScriptedAsync(Options options)
    {
        _script = options.Script;
        Receive<Exception>(exception => throw exception);
    }

    protected override void Open() => _script.Self = Self;

    protected override Task<Message?> FilterAsync(Message message, CancellationToken cancellation) => _script.Begin(message, cancellation);

    /// <summary>What the filter is asked to do, and what comes of it.</summary>
    internal sealed class Script
    {
        private readonly ConcurrentQueue<Call> _calls = new();

        public IActorRef Self { get; set; } = ActorRefs.Nobody;

        /// <summary>The numbers of the messages that were begun, in order.</summary>
        public IReadOnlyList<int> Begun => _calls.Select(call => call.Number).ToList();

        public ComponentDefinition Filter(int concurrency = 16, bool ordered = true) =>
            Some.Component<ScriptedAsync>("f", new Options(this)) with { Async = new AsyncOptions { Concurrency = concurrency, Ordered = ordered } };

        public Task<Message?> Begin(Message message, CancellationToken cancellation)
        {
            var call = new Call((int)message["n"]!, message, cancellation);
            _calls.Enqueue(call);
            return call.Completion.Task;
        }

        public Task BegunAsync(int count) => Eventually.IsTrueAsync(() => _calls.Count >= count, () => $"Begun: {string.Join(", ", Begun)}");

        /// <summary>The latest call for a message.</summary>
        public Call this[int number] => _calls.Last(call => call.Number == number);
    }

    internal sealed record Options(Script Script);

    internal sealed record Call(int Number, Message Message, CancellationToken Cancellation)
    {
        public TaskCompletionSource<Message?> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Pass() => Completion.SetResult(Message);

        public void Fail(Exception? exception = null) => Completion.SetException(exception ?? new InvalidOperationException("no"));
    }
}
