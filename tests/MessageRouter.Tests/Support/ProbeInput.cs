using System.Text;
using MessageRouter.Components;

namespace MessageRouter.Tests.Support;

/// <summary>An input that a test hands messages to.</summary>
internal sealed class ProbeInput(ProbeInput.Options options) : InputActor
{
    protected override void Open() => options.Source.Connect(Intake);

    internal sealed record Options : IPausableInput
    {
        public required ProbeSource Source { get; init; }

        public bool CanPause { get; init; } = true;
    }
}

internal sealed class ProbeSource
{
    private Intake _intake = null!;
    private int _openings;

    public void Connect(Intake intake)
    {
        _intake = intake;
        Interlocked.Increment(ref _openings);
    }

    /// <summary>How often the input was opened.</summary>
    public int Openings => Volatile.Read(ref _openings);

    public Intake Intake => _intake;

    public bool Send(params string[] payloads) =>
        _intake.TryAdd(MessageBatch.Of(payloads.Select(payload => _intake.NewMessage(Encoding.UTF8.GetBytes(payload)))));

    public bool SendNumbers(int from, int count) =>
        Send([.. Enumerable.Range(from, count).Select(n => $$"""{"n":{{n}}}""")]);

    public ComponentDefinition Input(bool canPause = true) =>
        Some.Component<ProbeInput>("in", new ProbeInput.Options { Source = this, CanPause = canPause });
}
