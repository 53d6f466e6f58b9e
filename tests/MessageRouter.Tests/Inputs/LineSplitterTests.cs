using System.Text;
using CsCheck;
using MessageRouter.Inputs;

namespace MessageRouter.Tests.Inputs;

public class LineSplitterTests
{
    [Theory]
    [InlineData("a\nb\n", "a", "b")]
    [InlineData("a\r\nb\r\n", "a", "b")]
    [InlineData("a\nb", "a", "b")]
    [InlineData("a\nb\r", "a", "b")]
    [InlineData("a\r\r\n", "a\r")]
    [InlineData("a\rb\n", "a\rb")]
    [InlineData("\n\r\n\na\n\n", "a")]
    [InlineData("\n")]
    [InlineData("\r")]
    [InlineData("")]
    public void Finds_the_lines(string text, params string[] expected) =>
        Assert.Equal(expected, Split([Encoding.UTF8.GetBytes(text)], 100, out _));

    [Fact]
    public void Finds_the_same_lines_however_the_bytes_are_cut_up() =>
        Gen.Select(Gen.Byte[(byte)'\n', (byte)'\r'].Array[0, 12].Select(ends => Text(ends)), Gen.Int[1, 9].Array[1, 20], Gen.Int[1, 8])
            .Sample((bytes, cuts, largest) =>
            {
                var expected = Expected(bytes, largest, out var tooLarge);
                Assert.Equal(expected, Split(Cut(bytes, cuts), largest, out var found));
                Assert.Equal(tooLarge, found);
            });

    [Fact]
    public void Finds_the_same_lines_across_the_borders_of_chunks_and_blocks() =>
        Gen.Select(
                Gen.OneOf(Gen.Int[0, 300], Gen.Int[4090, 4100], Gen.Int[262_140, 262_148], Gen.Int[500_000, 530_000]).Array[1, 12],
                Gen.OneOf(Gen.Int[1, 5000], Gen.Int[65_536, 65_537], Gen.Int[262_143, 262_145]).Array[1, 4],
                Gen.OneOf(Gen.Const(524_288), Gen.Const(262_144), Gen.Const(16 << 20)))
            .Sample(
                (lengths, cuts, largest) =>
                {
                    var bytes = Encoding.UTF8.GetBytes(string.Concat(lengths.Select((length, i) => new string((char)('a' + i), length) + "\n")));
                    var expected = Expected(bytes, largest, out var tooLarge);
                    Assert.Equal(expected, Split(Cut(bytes, cuts), largest, out var found));
                    Assert.Equal(tooLarge, found);
                },
                iter: 40);

    [Theory]
    [InlineData("12345\n", 0)]
    [InlineData("12345\r\n", 0)]
    [InlineData("12345", 0)]
    [InlineData("123456\n", 1)]
    [InlineData("123456\r\n", 1)]
    [InlineData("123456", 1)]
    [InlineData("1234567890\n1234567890", 2)]
    public void Leaves_out_a_line_that_is_larger_than_allowed(string text, int expected)
    {
        Split(Encoding.UTF8.GetBytes(text).Select(b => new[] { b }), 5, out var tooLarge);

        Assert.Equal(expected, tooLarge);
    }

    [Fact]
    public void Keeps_no_more_of_a_line_in_memory_than_is_allowed()
    {
        var splitter = new LineSplitter(1_000_000);
        for (var read = 0; read < 50_000_000;)
        {
            var free = splitter.Free;
            Assert.InRange(free.Length, 1, 1_000_002);
            free.Span.Fill((byte)'x');
            splitter.Advance(free.Length);
            read += free.Length;
            Assert.Equal(0, splitter.Take(new ReadOnlyMemory<byte>[10]));
            Assert.InRange(splitter.Incomplete, 0, 1_000_001);
        }
        Assert.Equal(1, splitter.TakeTooLarge());
    }

    private static byte[] Text(byte[] parts) =>
        [.. parts.SelectMany((part, i) => part is (byte)'\n' or (byte)'\r' ? [part] : Enumerable.Repeat((byte)('a' + i), part - '\n'))];

    private static IEnumerable<byte[]> Cut(byte[] bytes, int[] cuts)
    {
        var at = 0;
        for (var i = 0; at < bytes.Length; i++)
        {
            var length = Math.Min(cuts[i % cuts.Length], bytes.Length - at);
            yield return bytes[at..(at + length)];
            at += length;
        }
    }

    private static List<string> Expected(byte[] bytes, int largest, out long tooLarge)
    {
        var lines = Encoding.UTF8.GetString(bytes).Split('\n')
            .Select(line => line.EndsWith('\r') ? line[..^1] : line)
            .Where(line => line.Length > 0)
            .ToList();
        tooLarge = lines.Count(line => line.Length > largest);
        return lines.Where(line => line.Length <= largest).ToList();
    }

    private static List<string> Split(IEnumerable<byte[]> chunks, int largest, out long tooLarge)
    {
        var splitter = new LineSplitter(largest);
        var found = new List<ReadOnlyMemory<byte>>();
        foreach (var chunk in chunks)
        {
            var rest = chunk.AsSpan();
            while (rest.Length > 0)
            {
                var free = splitter.Free.Span;
                var count = Math.Min(free.Length, rest.Length);
                rest[..count].CopyTo(free);
                splitter.Advance(count);
                rest = rest[count..];
                TakeAll();
            }
        }
        splitter.End();
        TakeAll();
        tooLarge = splitter.TakeTooLarge();

        // Only now: lines taken early must not change when more is read.
        return found.Select(line => Encoding.UTF8.GetString(line.Span)).ToList();

        void TakeAll()
        {
            var lines = new ReadOnlyMemory<byte>[3];
            int count;
            while ((count = splitter.Take(lines)) > 0) found.AddRange(lines.AsSpan(0, count));
        }
    }
}
