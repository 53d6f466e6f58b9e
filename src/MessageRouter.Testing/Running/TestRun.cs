using MessageRouter.Components;
using MessageRouter.Routing;
using MessageRouter.Testing.Conditions;
using MessageRouter.Testing.Expectations;
using MessageRouter.Testing.Time;
using MessageRouter.Trials;
using MessageRouter.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MessageRouter.Testing.Running;

/// <summary>
/// One test: a whole node between doubles, to which messages are sent while time moves by itself, from one timer to the next, each time nothing is left to do.
/// </summary>
internal sealed class TestRun
{
    private const int LargestBatch = 500;

    /// <summary>How long, in real time, work on other threads may be silent before it is taken to wait for the time to move.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(25);

    private readonly NodeTest _test;
    private readonly Bench _bench;
    private readonly VirtualTime _clock;
    private readonly Arrivals _arrivals = new();
    private readonly ServiceProvider _services;
    private readonly RouterNode _node;
    private readonly long _begun = TimeProvider.System.GetTimestamp();

    private TestRun(NodeTest test, Bench bench, VirtualTime clock)
    {
        _test = test;
        _bench = bench;
        _clock = clock;
        _services = new ServiceCollection()
            .AddSingleton(_arrivals)
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton<IWorkerProcesses>(new ProcessDoubles(test.Given.Workers, clock))
            .BuildServiceProvider();
        _node = new RouterNode(Double(), _services, NullLoggerFactory.Instance, clock);
    }

    public static async Task<TestRun> PrepareAsync(NodeTest test, Bench bench) => new(test, bench, await bench.BeginAsync());

    /// <summary>Runs it, once.</summary>
    /// <exception cref="ComponentStartException">Its node does not start.</exception>
    public async Task<Outcome> RunAsync()
    {
        try
        {
            await _bench.Pump.UntilAsync(_node.StartAsync(_bench.System));
            var hungOn = await GoOnAsync();
            if (hungOn is null && _test.Stops) hungOn = await StopAsync();
            return Look(hungOn);
        }
        finally
        {
            await EndAsync();
        }
    }

    /// <summary>The components that are at work, where it does not come back.</summary>
    public string AtWork => string.Join(", ", Cells.SelectMany(cell => cell.Pool is null ? [cell] : cell.Pool.Copies.Select(copy => copy.Cell).Prepend(cell))
        .Where(cell => cell.BusySince is not null)
        .Select(cell => $"{cell.Name} ({cell.Definition.Origin})"));

    private IReadOnlyList<ComponentCell> Cells { get => field ??= [.. _node.Components]; }

    private bool IsOverdue => TimeProvider.System.GetElapsedTime(_begun) > _test.Patience;

    private NodeDefinition Double()
    {
        var doubled = Doubles.InPlaceOf(_test.Node, output => Doubles.As(
            output, typeof(OutputDouble), new OutputDouble.Options(_test.Given.Outputs.GetValueOrDefault(output.FullName, []), _clock)));
        return doubled with { Components = [.. doubled.Components.Select(WithFaults)], Workers = _test.Node.Workers };
    }

    private ComponentDefinition WithFaults(ComponentDefinition component) =>
        _test.Given.Filters.TryGetValue(component.FullName, out var conditions) ? component with { Fault = new Faults(conditions, _clock).Check } : component;

    /// <returns>What it hung on; null where nothing is left to do.</returns>
    private async Task<string?> GoOnAsync()
    {
        var largestBatch = (Math.Min(LargestBatch, Cells.Min(cell => cell.Mailbox.Capacity)), Cells.Min(cell => cell.Mailbox.MaxBytes) / 2);
        var senders = _test.Sendings.Select(sending => new Sender(sending, Cells.First(cell => cell.Name == sending.Input).Intake!, largestBatch)).ToList();
        while (true)
        {
            _bench.Pump.Run();
            if (IsOverdue) return $"it has taken more than {Shown.Time(_test.Patience)} of real time, and {Shown.Time(_clock.Elapsed)} of its own; still to be done: {_node.DescribeHoldups()}";
            if (senders.Find(sender => sender.Due <= _clock.Elapsed) is { } due)
            {
                due.Send(_clock);
                continue;
            }
            if (Rest.IsAwaited(Cells) && await _bench.Pump.WaitAsync(Grace)) continue;

            // What holds messages waits for a time, if for anything; what holds none, such as a filter that counts, is waited for as long as the test says.
            var isBusy = Rest.Busy(Cells, _clock.Elapsed).Any() || senders.Exists(sender => sender.Due is not null);
            if (!isBusy && _clock.Elapsed >= _test.RunFor) return null;
            if (Next(senders) is { } next)
            {
                if (next > _test.TimeLimit) return $"after {Shown.Time(_clock.Elapsed)} of its own time it is not at rest, and its `time-limit` is {Shown.Time(_test.TimeLimit)}; still to be done: {_node.DescribeHoldups()}";
                _clock.SetUtcNow(VirtualTime.Begin + next);
            }
            else if (!Rest.IsAwaited(Cells))
            {
                return null;
            }
        }
    }

    /// <summary>To when the time is to move; null where nothing is to come any more.</summary>
    private TimeSpan? Next(IEnumerable<Sender> senders)
    {
        var times = senders.Select(sender => sender.Due).OfType<TimeSpan>().ToList();
        if (_clock.NextDue is { } timer) times.Add(timer - VirtualTime.Begin);
        if (_test.RunFor > _clock.Elapsed) times.Add(_test.RunFor);
        return times.Count == 0 ? null : TimeSpan.FromTicks(Math.Max(times.Min().Ticks, _clock.Elapsed.Ticks));
    }

    /// <summary>Stops the node as a signal does; the time moves only where it waits for that.</summary>
    private async Task<string?> StopAsync()
    {
        var stopping = _node.StopAsync();
        while (!stopping.IsCompleted)
        {
            _bench.Pump.Run();
            if (IsOverdue) return $"it does not stop: {_node.DescribeHoldups()}";
            if (await _bench.Pump.WaitAsync(Grace * 2, stopping) || stopping.IsCompleted) continue;
            if (_clock.NextDue is { } due) _clock.SetUtcNow(due > _clock.GetUtcNow() ? due : _clock.GetUtcNow());
        }
        await stopping;
        return null;
    }

    private Outcome Look(string? hungOn) => new()
    {
        Ledger = _node.Ledger(),
        Arrivals = _arrivals,
        Stopped = Cells.Where(cell => cell.StoppedByFailure).Select(cell => cell.Name).ToHashSet(),
        Elapsed = _clock.Elapsed,
        HungOn = hungOn,
    };

    /// <summary>Ends the node, whatever it is at.</summary>
    private async Task EndAsync()
    {
        await _bench.Pump.UntilAsync(_node.StopAsync(new CancellationToken(canceled: true)));
        ((IDisposable)_node).Dispose();
        await _services.DisposeAsync();
    }
}
