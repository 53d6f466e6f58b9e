using MessageRouter.Routing;
using MessageRouter.Testing.Expectations;

namespace MessageRouter.Testing.Running;

/// <summary>Runs tests beside one another, as many as there are processors, and tells their results in their order.</summary>
internal sealed class TestRunner(IReadOnlyList<NodeTest> tests, Action<TestResult> tell)
{
    /// <summary>Of its own patience a test hears between two steps; beyond so much of it, its thread is left behind.</summary>
    private const double Leeway = 1.2;

    private readonly TestResult?[] _results = new TestResult?[tests.Count];
    private readonly Lock _lock = new();
    private int _next = -1;
    private int _told;

    public static Task RunAsync(IReadOnlyList<NodeTest> tests, Action<TestResult> tell, CancellationToken cancellation = default)
    {
        var runner = new TestRunner(tests, tell);
        return Task.WhenAll(Enumerable.Range(0, Math.Min(Environment.ProcessorCount, tests.Count)).Select(_ => Task.Run(() => runner.WorkAsync(cancellation), cancellation)));
    }

    private async Task WorkAsync(CancellationToken cancellation)
    {
        Bench? bench = null;
        try
        {
            while (Interlocked.Increment(ref _next) is var index && index < tests.Count)
            {
                cancellation.ThrowIfCancellationRequested();
                bench ??= await Bench.CreateAsync();
                var begun = TimeProvider.System.GetTimestamp();
                var run = await TestRun.PrepareAsync(tests[index], bench);
                IReadOnlyList<Failure> failures;
                try
                {
                    failures = await JudgeAsync(tests[index], run, cancellation);
                }
                catch (TimeoutException)
                {
                    // Whatever it is at has its thread, and its actor system with it.
                    failures = [new Failure($"the test hangs: {run.AtWork} does not come back from its own code", tests[index].Place)];
                    bench = null;
                }
                catch (OperationCanceledException)
                {
                    // The test goes on meanwhile.
                    bench = null;
                    throw;
                }
                Tell(index, new TestResult(tests[index], failures, TimeProvider.System.GetElapsedTime(begun)));
            }
        }
        finally
        {
            if (bench is not null) await bench.DisposeAsync();
        }
    }

    private static async Task<IReadOnlyList<Failure>> JudgeAsync(NodeTest test, TestRun run, CancellationToken cancellation)
    {
        try
        {
            return Verdict.Of(test, await Task.Run(run.RunAsync, CancellationToken.None).WaitAsync(test.Patience * Leeway, cancellation));
        }
        catch (ComponentStartException exception)
        {
            return [new Failure($"the node does not start: {exception.Message.TrimEnd('.')}", exception.Place ?? test.Place)];
        }
    }

    private void Tell(int index, TestResult result)
    {
        lock (_lock)
        {
            _results[index] = result;
            for (; _told < _results.Length && _results[_told] is { } next; _told++) tell(next);
        }
    }
}
