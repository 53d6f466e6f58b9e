using System.Globalization;
using System.Text;
using Akka.Actor;
using MessageRouter;
using MessageRouter.Clustering;
using MessageRouter.Components;

namespace Acme.Inputs;

/// <summary>Brings one number after the other, and knows from the cluster which was the last.</summary>
public sealed class Counting : InputActor
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly IClusterState _state;
    private bool _isAsking;
    private bool _isStopping;

    public Counting(IClusterState state)
    {
        _state = state;
        Receive<string>(_ =>
        {
            _isAsking = true;
            NextAsync().PipeTo(Self);
        });
        Receive<Number>(number =>
        {
            _isAsking = false;
            Intake.TryAdd(MessageBatch.Of([Intake.NewMessage(Encoding.UTF8.GetBytes($$"""{"n":{{number.Value}}}"""))]));
            if (_isStopping) Intake.Complete();
            else Timers.StartSingleTimer("next", "next", Pause);
        });
        Receive<Status.Failure>(failure => throw failure.Cause);
    }

    protected override void Open() => Timers.StartSingleTimer("next", "next", Pause);

    /// <remarks>What is written is brought.</remarks>
    protected override void StopReading()
    {
        _isStopping = true;
        Timers.Cancel("next");
        if (!_isAsking) Intake.Complete();
    }

    private async Task<Number> NextAsync()
    {
        var last = await _state.ReadAsync(Name);
        var next = last is null ? 0 : int.Parse(last.Value, CultureInfo.InvariantCulture) + 1;
        if (await _state.TryWriteAsync(Name, next.ToString(CultureInfo.InvariantCulture), last?.Version ?? 0) is null) throw new InvalidOperationException("Another one counts.");
        return new Number(next);
    }

    private sealed record Number(int Value);
}
