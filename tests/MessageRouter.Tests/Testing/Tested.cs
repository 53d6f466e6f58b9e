using MessageRouter.Cli.Testing;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Testing.Reading;
using MessageRouter.Testing.Running;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Testing;

/// <summary>Reads and runs tests of a node whose file a test writes.</summary>
internal static class Tested
{
    /// <summary>An input that waits, one that cannot, a filter that throws on <c>n = 3</c>, one that holds messages for 10 s, and two outputs.</summary>
    public const string Node = """
        router {
          inputs {
            in { type = stdin, to = [work, late, all] }
            live { type = zeromq, bind = "tcp://*:0", to = all }
          }
          filters {
            work { type = csharp, code = "if (message[\"n\"] == 3) throw new InvalidOperationException(\"three\"); return message[\"n\"] == 2 ? null : message;", to = out }
            late { type = delay, delay = 10s, to = out }
          }
          outputs {
            out { type = stdout }
            all { type = file, path = all.log }
          }
          workers { mail { command = no-such-program, instances = 2 } }
        }

        """;

    /// <summary>The results of tests that are right as they are written.</summary>
    /// <param name="tests">The inside of <c>tests { }</c>.</param>
    /// <param name="node">The node.</param>
    public static async Task<IReadOnlyList<TestResult>> RunAsync(string tests, string node = Node)
    {
        var file = Read($"tests {{\n{tests}\n}}", node);
        Assert.Empty(DiagnosticPrinter.Print(file.Diagnostics));
        List<TestResult> results = [];
        await TestRunner.RunAsync(file.Tests, results.Add).WaitAsync(TestNode.Patience);
        return results;
    }

    /// <summary>What is not as one test expects, as its user is told it; empty where it has passed.</summary>
    /// <param name="test">The inside of the test.</param>
    /// <param name="node">The node.</param>
    public static async Task<string> FailuresAsync(string test, string node = Node) =>
        string.Concat((await RunAsync($"t {{\n{test}\n}}", node)).Single().Failures.Select(TestReport.Describe));

    /// <summary>What is wrong with one test.</summary>
    public static string Mistakes(string test) => DiagnosticPrinter.Print(Read($"tests {{ t {{\n{test}\n}} }}", Node).Diagnostics);

    public static TestFile Read(string text, string node = Node)
    {
        using var folder = new TempFolder();
        File.WriteAllText(Path.Combine(folder.Path, "node.conf"), node);
        var path = Path.Combine(folder.Path, "t.conf");
        File.WriteAllText(path, $"include \"node.conf\"\n{text}\n");
        return TestFile.Read(path, new HoconReaderOptions());
    }
}
