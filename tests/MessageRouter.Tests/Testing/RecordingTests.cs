using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Testing.Reading;
using MessageRouter.Testing.Running;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Testing;

/// <summary>Messages that a test sends from files.</summary>
public sealed class RecordingTests : IDisposable
{
    private const string Line = """{"time":"2020-01-01T00:00:00Z","component":"inputs.in","side":"in","payload":"{\"n\":1}","length":7}""";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_a_tap_has_recorded_is_sent_frames_and_bytes_included()
    {
        var failures = await RunAsync("from = r.jsonl", $$"""
            {{Line}}
            {"component":"inputs.in","side":"in","payload_base64":"{{Convert.ToBase64String("{\"n\":2}"u8)}}","frames_base64":["YQ=="]}
            """, "all = [{ n = 1 }, { n = 2 }]");

        Assert.Empty(failures);
    }

    [Theory]
    [InlineData("from = r.jsonl, component = in", "{ n = 1 }")]
    [InlineData("from = r.jsonl, component = filters.other", "{ n = 2 }")]
    public async Task Of_several_components_one_is_chosen(string send, string expected) =>
        Assert.Empty(await RunAsync(send, Line + "\n" + """{"component":"filters.other","side":"out","payload":"{\"n\":2}"}""", $"all = [{expected}]"));

    [Fact]
    public async Task Each_line_of_another_file_is_a_message() =>
        Assert.Empty(await RunAsync("lines = r.jsonl", "{\"n\":1}\n\n{\"n\":2}\n", "all = [{ n = 1 }, { n = 2 }]"));

    [Theory]
    [InlineData("""{"n":1}""", "line 1 of `r.jsonl` is no message that `message-router tap --record` has written")]
    [InlineData("nothing", "line 1 of `r.jsonl` is no message that `message-router tap --record` has written")]
    [InlineData(Line + "\n[]", "line 2 of `r.jsonl` is no message that `message-router tap --record` has written")]
    [InlineData(Line + "\n" + """{"component":"inputs.in","side":"in","payload":"x","cut":true}""", "line 2 of `r.jsonl` is a message that was cut")]
    [InlineData(Line + "\n" + """{"component":"filters.other","side":"out","payload":"x"}""", "`r.jsonl` has messages of filters.other, side out; inputs.in, side in")]
    [InlineData("", "`r.jsonl` has no such message")]
    public void What_cannot_be_sent_is_told_with_its_place(string text, string problem)
    {
        var told = DiagnosticPrinter.Print(Read("from = r.jsonl", text, "all = none").Diagnostics);

        Assert.Contains(problem, told, StringComparison.Ordinal);
        Assert.Contains("t.conf:2:", told, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_is_among_those_that_are_watched() =>
        Assert.Equal(["t.conf", "r.jsonl"], Read("lines = r.jsonl", "{}", "all = none").FilesRead.Select(Path.GetFileName));

    private async Task<string> RunAsync(string send, string text, string expect)
    {
        var file = Read(send, text, expect);
        Assert.Empty(DiagnosticPrinter.Print(file.Diagnostics));
        List<TestResult> results = [];
        await TestRunner.RunAsync(file.Tests, results.Add).WaitAsync(TestNode.Patience);
        return string.Join('\n', results.Single().Failures);
    }

    private TestFile Read(string send, string text, string expect)
    {
        File.WriteAllText(_folder["r.jsonl"], text);
        File.WriteAllText(_folder["t.conf"], $$"""
            router { inputs { in { type = stdin, to = all } }, outputs { all { type = stdout } } }
            tests { t { send { in { {{send}} } }, expect { {{expect}} } } }
            """);
        return TestFile.Read(_folder["t.conf"], new HoconReaderOptions());
    }
}
