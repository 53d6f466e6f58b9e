using MessageRouter.Cli.Running;
using MessageRouter.Configuration;
using MessageRouter.Testing.Reading;
using MessageRouter.Testing.Running;

namespace MessageRouter.Cli.Testing;

/// <summary>Reads files with tests, runs them, and tells how it went; once, or whenever something changes.</summary>
internal sealed class TestSession(Surroundings surroundings)
{
    public required IReadOnlyList<string> Paths { get; init; }

    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>What names of tests must have in them; null for all.</summary>
    public string? Filter { get; init; }

    /// <summary>Where the results are written too; null for nowhere.</summary>
    public string? JUnitFile { get; init; }

    /// <returns>The exit code.</returns>
    /// <exception cref="ConfigurationException">Something is wrong with a file; no test was run.</exception>
    public Task<int> RunAsync(CancellationToken cancellation) => RunAsync(Read(), cancellation);

    /// <summary>Runs the tests, and again after each change, until it is ended.</summary>
    public async Task<int> WatchAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                // Which files there are is known only from reading them; what changes from now on is seen, and read.
                var stamp = new FileStamp(Read().SelectMany(file => file.FilesRead).Concat(Paths));
                try
                {
                    await RunAsync(Read(), cancellation);
                }
                catch (Exception exception) when (exception is ConfigurationException or CommandException)
                {
                    surroundings.Error.Write(exception is CommandException command ? $"{command.Text}\n" : exception.Message);
                }
                surroundings.Output.WriteLine("\nWaiting for a change; Ctrl-C ends it.");
                var changed = await stamp.ChangedAsync(cancellation);
                surroundings.Output.WriteLine($"\n{changed} has changed.\n");
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
    }

    private IReadOnlyList<TestFile> Read()
    {
        using var stopping = EarlyStop.Watch(surroundings, ExitCode.Interrupted);
        return TestFiles.Read(Paths, NodeFiles.Reading(surroundings) with { Overrides = Overrides });
    }

    private async Task<int> RunAsync(IReadOnlyList<TestFile> files, CancellationToken cancellation)
    {
        var diagnostics = files.SelectMany(file => file.Diagnostics).ToList();
        if (diagnostics.Exists(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)) throw new ConfigurationException(diagnostics);
        List<NodeTest> tests = [.. files.SelectMany(file => file.Tests).Where(test => Filter is null || test.Name.Contains(Filter, StringComparison.OrdinalIgnoreCase))];
        if (tests.Count == 0) throw CommandException.Usage(Filter is null ? "there is no test in these files." : $"no test has `{Filter}` in its name.");

        var begun = TimeProvider.System.GetTimestamp();
        var results = new List<TestResult>();
        var report = new TestReport(surroundings.Output);
        await TestRunner.RunAsync(tests, result =>
        {
            results.Add(result);
            report.Add(result);
        }, cancellation);
        var took = TimeProvider.System.GetElapsedTime(begun);
        report.Conclude(results, took);
        if (JUnitFile is not null) JUnitReport.Write(JUnitFile, results, took);
        return results.TrueForAll(result => result.HasPassed) ? ExitCode.Done : ExitCode.Failed;
    }
}
