using System.Text;
using MessageRouter.Tests.Support;
using MessageRouter.Workers;

namespace MessageRouter.Tests.Workers;

public class OutputLinesTests
{
    [Fact]
    public async Task Gives_lines_however_they_come() =>
        Assert.Equal(["one", "two", "three", "last"], await ReadAsync("on", "e\ntwo\r\n\nthr", "ee\n", "last"));

    [Fact]
    public async Task Cuts_a_line_that_is_too_long_and_says_so()
    {
        var lines = await ReadAsync(new string('a', OutputLines.LongestLine), "\n", new string('b', OutputLines.LongestLine), "bbb\nnext\n");

        Assert.Equal([new string('a', OutputLines.LongestLine), new string('b', OutputLines.LongestLine) + "… (the rest of the line is left out)", "next"], lines);
    }

    [Fact]
    public async Task Shows_bytes_that_are_no_text() =>
        Assert.Equal(["a\uFFFDb"], await ReadAsync([.. "a"u8, 0xFF, .. "b\n"u8]));

    [Fact]
    public async Task A_stream_that_breaks_has_ended()
    {
        var lines = new List<string>();
        await OutputLines.ReadAsync(new ScriptedStream { OnRead = _ => throw new IOException("gone") }, lines.Add, CancellationToken.None);

        Assert.Empty(lines);
    }

    private static Task<List<string>> ReadAsync(params string[] chunks) => ReadAsync(chunks.Select(Encoding.UTF8.GetBytes).ToArray());

    private static async Task<List<string>> ReadAsync(params byte[][] chunks)
    {
        var lines = new List<string>();
        await OutputLines.ReadAsync(ScriptedStream.OfChunks(chunks), lines.Add, CancellationToken.None);
        return lines;
    }
}
