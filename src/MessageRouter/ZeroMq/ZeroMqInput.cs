using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text;
using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Ledger;

namespace MessageRouter.ZeroMq;

/// <summary>
/// Receives from ZeroMQ peers. A PULL socket is not read while the node is full, so that its pushers wait; a SUB socket
/// always is, and what does not fit is dropped and counted.
/// </summary>
internal sealed class ZeroMqInput : InputActor
{
    private readonly Options _options;
    private readonly IZeroMqEngine _engine;
    private IZeroMqReceiver? _receiver;

    public ZeroMqInput(Options options, IZeroMqEngine engine)
    {
        _options = options;
        _engine = engine;
        Receive<Closed>(_ => Intake.Complete());
    }

    protected override void Open()
    {
        var settings = new ReceiverSettings
        {
            Name = Name,
            Socket = _options.SocketType,
            Subscriptions = _options.SocketType == ReceiverSocket.Sub ? [.. _options.Subscribe.Select(Encoding.UTF8.GetBytes)] : [],
        };
        _receiver = _engine.OpenReceiver(
            _options.Fill(settings, Cell.Endpoints),
            new Sink(Intake, new PeerLog(Logger, Clock, _options.MaxMessageSize), FailureReporter(Self)));
        Intake.SpaceAvailable += _receiver.Resume;

        // It may have met a full node, and that have had room again, before this.
        _receiver.Resume();
        SetEndpoints(_receiver.Endpoints);
    }

    protected override void Close() => CloseReceiver();

    protected override void StopReading() =>
        CloseReceiver().ContinueWith(_ => Closed.Instance, TaskScheduler.Default).PipeTo(Self);

    private Task CloseReceiver()
    {
        if (_receiver is not { } receiver) return Task.CompletedTask;
        var closing = receiver.CloseAsync();
        Intake.SpaceAvailable -= receiver.Resume;
        return closing;
    }

    internal sealed record Options : ZeroMqOptions, IPausableInput
    {
        [Description("`sub` receives what publishers send and it subscribes to; `pull` receives its share of what pushers send, and loses none of it while the node is full.")]
        public ReceiverSocket SocketType { get; init; } = ReceiverSocket.Sub;

        [Description("SUB: the prefixes of messages to receive; \"\" for all.")]
        public IReadOnlyList<string> Subscribe { get; init; } = [""];

        bool IPausableInput.CanPause => SocketType == ReceiverSocket.Pull;

        public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            foreach (var problem in base.Validate(validationContext)) yield return problem;
            if (SocketType == ReceiverSocket.Sub && Subscribe.Count == 0)
                yield return new ValidationResult("names no prefix, so nothing would be received; write [\"\"] for all messages", [nameof(Subscribe)]);
            if (SocketType == ReceiverSocket.Pull && Subscribe is not [""])
                yield return new ValidationResult("works only with socket-type = sub; remove it, or filter by a field", [nameof(Subscribe)]);
        }
    }

    private sealed class Closed
    {
        public static readonly Closed Instance = new();
    }

    private sealed class Sink(Intake intake, PeerLog log, Action<Exception> failed) : IReceiverSink
    {
        public Message NewMessage(ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte>[]? leadingFrames) => intake.NewMessage(payload, leadingFrames);

        public bool Take(MessageBatch batch) => intake.TryAdd(batch);

        public void TooLarge(long size)
        {
            intake.Edge.Refuse(DropReasons.TooLarge, 1);
            log.TooLarge(size);
        }

        public void PeerChanged(PeerChange change) => log.Write(change);

        public void Failed(Exception exception) => failed(exception);
    }
}
