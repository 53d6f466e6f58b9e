using MessageRouter.Configuration.Secrets;
using System.Text;
using MessageRouter.Configuration;
using MessageRouter.Testing.Expectations;
using MessageRouter.Testing.Running;
using MessageRouter.Zmtp;

namespace MessageRouter.Cli.Testing;

/// <summary>Tells people how tests have gone: each on a line, and below those that failed what is not as expected, and where that is written.</summary>
internal sealed class TestReport(TextWriter output)
{
    private string? _file;
    private bool _isLineEmpty;

    public void Add(TestResult result)
    {
        if (result.Test.File != _file)
        {
            output.WriteLine($"{(_file is null || _isLineEmpty ? "" : "\n")}{SafeText.Of(result.Test.File)}");
            _file = result.Test.File;
        }
        output.WriteLine($"{(result.HasPassed ? "ok    " : "FAILED")}  {SafeText.Of(result.Test.Name)}");
        foreach (var failure in result.Failures) output.Write($"\n{Describe(failure)}");
        _isLineEmpty = !result.HasPassed;
        if (_isLineEmpty) output.WriteLine();
    }

    public void Conclude(IReadOnlyList<TestResult> results, TimeSpan took)
    {
        var failed = results.Count(result => !result.HasPassed);
        var tests = FormattableString.Invariant($"{results.Count} test{(results.Count == 1 ? "" : "s")}");
        if (!_isLineEmpty) output.WriteLine();
        output.WriteLine(FormattableString.Invariant($"{tests}{(failed > 0 ? FormattableString.Invariant($", {results.Count - failed} passed, {failed} failed") : " passed")}, in {took.TotalSeconds:0.0} s."));
    }

    /// <summary>What is not as expected, the line that expects it, and what differs.</summary>
    public static string Describe(Failure failure)
    {
        var text = new StringBuilder().Append(SafeText.Of(failure.Message)).Append('\n');
        DiagnosticPrinter.WritePlace(text, failure.Place);
        foreach (var line in failure.Details) text.Append("  ").Append(SafeText.Of(line)).Append('\n');
        return KnownSecrets.Hide(text.ToString());
    }
}
