using System.Text;
using MessageRouter.Cli.Running;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Cli;

public class ErrorWriterTests
{
    private static readonly string Line = new('x', 1023);

    private readonly Pipe _pipe = new();

    [Fact]
    public void What_is_written_arrives_in_order()
    {
        var writer = new ErrorWriter(_pipe);
        _pipe.IsRead.Set();

        writer.Write("one");
        writer.Write(' ');
        writer.WriteLine("two");
        writer.Finish(TestNode.Patience, TestNode.Patience);

        Assert.Equal("one two\n", _pipe.Text);
        Assert.Equal(0, writer.LeftOut);
    }

    [Fact]
    public async Task Who_writes_waits_for_no_reader_and_what_there_is_no_room_for_is_counted_and_said()
    {
        var writer = new ErrorWriter(_pipe);
        const int more = 10;
        for (var i = 0; i < ErrorWriter.Room / 1024 + more; i++) writer.WriteLine(Line);
        Assert.Equal(more, writer.LeftOut);

        _pipe.IsRead.Set();
        await Eventually.IsTrueAsync(() => _pipe.Text.Contains($"… {more} lines were left out here", StringComparison.Ordinal));
        writer.Finish(TestNode.Patience, TestNode.Patience);

        Assert.Equal(ErrorWriter.Room / 1024 + 1, _pipe.Text.Count(c => c == '\n'));
    }

    [Fact]
    public void The_end_waits_for_no_reader_either()
    {
        var writer = new ErrorWriter(_pipe);
        writer.WriteLine(Line);

        writer.Finish(patience: TimeSpan.FromMilliseconds(1), limit: TestNode.Patience);

        Assert.Equal("", _pipe.Text);
        _pipe.IsRead.Set();
    }

    [Fact]
    public async Task What_nobody_has_read_at_the_end_is_left_out_and_counted()
    {
        var writer = new ErrorWriter(_pipe);
        for (var i = 0; i < 5; i++) writer.WriteLine(Line);

        Assert.Equal(5, writer.Conclude(patience: TimeSpan.FromMilliseconds(1), limit: TestNode.Patience));

        // The first one was being written.
        _pipe.IsRead.Set();
        writer.WriteLine("later");
        await Eventually.IsTrueAsync(() => _pipe.Text.EndsWith("later\n", StringComparison.Ordinal));
        Assert.Equal(2, _pipe.Text.Count(c => c == '\n'));
    }

    [Fact]
    public void A_reader_that_has_gone_is_no_failure()
    {
        var writer = new ErrorWriter(new Pipe { IsBroken = true });

        writer.WriteLine(Line);
        writer.Finish(TestNode.Patience, TestNode.Patience);

        Assert.Equal(1, writer.LeftOut);
    }

    /// <summary>A stream that takes nothing until somebody reads it.</summary>
    private sealed class Pipe : MemoryStream
    {
        private readonly Lock _lock = new();

        public ManualResetEventSlim IsRead { get; } = new();

        public bool IsBroken { get; init; }

        public string Text
        {
            get
            {
                lock (_lock) return Encoding.UTF8.GetString(ToArray());
            }
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (IsBroken) throw new IOException("Broken pipe");
            IsRead.Wait(TestNode.Patience);
            lock (_lock) base.Write(buffer);
        }
    }
}
