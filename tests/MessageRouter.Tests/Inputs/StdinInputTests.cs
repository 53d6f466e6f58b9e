using System.IO.Pipes;
using System.Text;
using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Hosting;
using MessageRouter.Inputs;
using MessageRouter.Outputs;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Tests.Inputs;

public class StdinInputTests
{
    [Fact]
    public async Task Makes_a_message_of_each_line_and_ends_with_the_input()
    {
        await using var node = await StartAsync(Chunks("one\n", "tw", "o\r\n\n", "\r\nthree"), Stdin());

        await node.Node.Ended.WaitAsync(TestNode.Patience);

        Assert.Equal(["one", "two", "three"], await node.SinkAsync(3));
        Assert.Equal(3, node["inputs.in"].In);
    }

    [Fact]
    public async Task Ends_at_once_when_the_input_is_empty()
    {
        await using var node = await StartAsync(Stream.Null, Stdin());

        await node.Node.Ended.WaitAsync(TestNode.Patience);

        Assert.Equal(0, node["inputs.in"].In);
    }

    [Fact]
    public async Task Drops_counts_and_reports_a_line_that_is_too_large_and_goes_on_behind_it()
    {
        await using var node = await StartAsync(Chunks("12345\n123", "456", "789\n", "12\n", "1234567"), Stdin(maxLineSize: 5));

        await node.Node.Ended.WaitAsync(TestNode.Patience);

        Assert.Equal(["12345", "12"], await node.SinkAsync(2));
        Assert.Equal(4, node["inputs.in"].In);
        Assert.Equal(2, node["inputs.in"].Dropped["too-large"]);
        Assert.Contains(node.Log.Lines, line => line.Level == LogLevel.Warning && line.Category == "inputs.in" && line.Text.Contains("max-line-size"));
    }

    [Fact]
    public async Task Stops_while_a_read_is_blocked_with_all_lines_handed_in()
    {
        using var writer = new AnonymousPipeServerStream(PipeDirection.Out);
        using var reader = new AnonymousPipeClientStream(PipeDirection.In, writer.ClientSafePipeHandle);
        var node = await StartAsync(reader, Stdin());
        writer.Write("one\ntwo\nhalf a li"u8);
        await node.SinkAsync(2);

        var ledger = await node.StopAsync();

        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.Equal(["one", "two"], await node.SinkAsync(2));
        writer.Write("ne\n"u8);
        await node.DisposeAsync();
    }

    public static TheoryData<string, string[], string[]> Inputs => new()
    {
        { "no newline at the end", ["one\ntwo"], ["one", "two"] },
        { "CRLF, also where a read ends within it", ["one\r", "\ntwo\r\n"], ["one", "two"] },
        { "CRLF without its LF at the end", ["one\r\ntwo\r"], ["one", "two"] },
        { "CR within a line", ["o\rne\n"], ["o\rne"] },
        { "NUL bytes", ["\0\n\0a\0\n"], ["\0", "\0a\0"] },
        { "nothing but empty lines", ["\n\r\n", "\n"], [] },
        { "a read after another of one byte", ["o", "n", "e", "\n", "t"], ["one", "t"] },
        { "a last line as large as a line may be", ["1234567890"], ["1234567890"] },
        { "such a line with CRLF", ["1234567890\r\n"], ["1234567890"] },
        { "a last line that is larger", ["one\n12345678901"], ["one"] },
        { "a last line that is much larger, in many reads", ["one\n", .. Enumerable.Repeat("0123456789", 1000)], ["one"] },
    };

    [Theory]
    [MemberData(nameof(Inputs))]
    public async Task Takes_every_kind_of_input_for_what_it_is(string kind, string[] reads, string[] lines)
    {
        await using var node = await StartAsync(Chunks(reads), Stdin(maxLineSize: 10));

        await node.Node.Ended.WaitAsync(TestNode.Patience);

        await node.StopAsync();
        Assert.Equal(lines, node.Texts("outputs.sink"));
        Assert.Equal(kind.Contains("larger", StringComparison.Ordinal) ? 1 : 0, node["inputs.in"].Dropped.GetValueOrDefault("too-large"));
    }

    [Fact]
    public async Task Ends_where_its_terminal_is_gone()
    {
        const int EIO = 5;
        var reads = new Queue<string>(["one\ntwo"]);
        var stream = new ScriptedStream
        {
            OnRead = buffer => reads.TryDequeue(out var text) ? Encoding.UTF8.GetBytes(text, buffer) : throw new IOException("Input/output error", EIO),
        };
        await using var node = await StartAsync(stream, Stdin());

        await node.Node.Ended.WaitAsync(TestNode.Patience);

        Assert.Equal(["one", "two"], await node.SinkAsync(2));
        Assert.Equal(0, node["inputs.in"].Restarts);
        Assert.Contains(node.Log.Lines, line => line.Text == "The standard input has ended, since it cannot be read any more: Input/output error.");
    }

    [Fact]
    public async Task Counts_what_a_read_brings_that_was_under_way_when_it_stopped()
    {
        using var release = new ManualResetEventSlim();
        var reads = new Queue<string>(["one\nhalf a ", "line\nthree\n"]);
        var stream = new ScriptedStream
        {
            OnRead = buffer =>
            {
                if (reads.Count == 1) release.Wait(TestNode.Patience);
                return reads.TryDequeue(out var text) ? Encoding.UTF8.GetBytes(text, buffer) : 0;
            },
        };
        await using var node = await StartAsync(stream, Stdin());
        await node.SinkAsync(1);
        await node.StopAsync();

        release.Set();

        await Eventually.IsTrueAsync(() => node["inputs.in"].In == 3 && node["inputs.in"].Dropped.Values.Sum() == 2);
        Assert.True(node.Node.Ledger().Balanced);
    }

    [Fact]
    public async Task Loses_no_bytes_when_a_read_fails_and_the_input_is_restarted()
    {
        var reads = new Queue<string?>(["one\ntw", null, "o\nthr", null, "ee\n", ""]);
        var stream = new ScriptedStream
        {
            OnRead = buffer => reads.Dequeue() is { } text ? Encoding.UTF8.GetBytes(text, buffer) : throw new IOException("no"),
        };
        await using var node = await StartAsync(stream, Stdin());

        // A failure that follows upon another before the first line has arrived waits before its restart.
        await Eventually.IsTrueAsync(() => node.Node.Ended.IsCompleted, node.Clock, TimeSpan.FromSeconds(1));

        Assert.Equal(["one", "two", "three"], await node.SinkAsync(3));
        Assert.Equal(2, node["inputs.in"].Restarts);
        Assert.Contains(node.Log.Lines, line => line.Category == "inputs.in" && line.Text.Contains("no Restarting"));
    }

    [Fact]
    public async Task Stops_while_it_waits_for_its_next_restart()
    {
        var stream = new ScriptedStream { OnRead = _ => throw new IOException("no") };
        await using var node = await StartAsync(stream, Stdin());

        await Eventually.IsTrueAsync(() => node["inputs.in"].Restarts >= 2);

        Assert.True((await node.StopAsync()).Balanced);
    }

    [Fact]
    public async Task Reads_no_faster_than_a_slow_output_takes_and_loses_nothing()
    {
        const int Lines = 100_000;
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Lines).Select(n => $"{n,-99}\n")));
        var read = 0;
        var mostInFlight = 0L;
        TestNode? node = null;
        var ready = new TaskCompletionSource();
        var stream = new ScriptedStream
        {
            OnRead = buffer =>
            {
                ready.Task.WaitAsync(TestNode.Patience).GetAwaiter().GetResult();
                mostInFlight = Math.Max(mostInFlight, (read / 100) - node!["outputs.sink"].Out);
                var count = Math.Min(buffer.Length, text.Length - read);
                text.AsSpan(read, count).CopyTo(buffer);
                read += count;
                return count;
            },
        };
        var mailbox = new MailboxOptions { Capacity = 100 };
        node = await StartAsync(
            stream, Stdin() with { Mailbox = mailbox }, Some.Component<OneAtATime>("sink") with { Mailbox = mailbox });
        await using var started = node;
        ready.SetResult();

        await node.Node.Ended.WaitAsync(TestNode.Patience);

        var messages = await node.SinkAsync(Lines);
        Assert.Equal(Enumerable.Range(0, Lines), messages.Select(int.Parse));

        // One block of 256 KiB, and per component a mailbox and a batch.
        Assert.InRange(mostInFlight, 1, 2622 + (2 * (100 + 256)));
    }

    [Fact]
    public async Task Brings_a_million_lines_into_a_file_as_they_were()
    {
        using var folder = new TempFolder();
        const int Lines = 1_000_000;
        var text = new MemoryStream();
        for (var n = 0; n < Lines; n++) text.Write(Encoding.UTF8.GetBytes($$"""{"n":{{n}},"text":"line {{n}}"}""" + "\n"));
        text.Position = 0;
        var file = Some.Component<FileOutput>("out", new FileOutput.Options { Path = folder["out"] });

        var node = await StartAsync(text, Stdin(MessageFormat.Json), file);
        await node.Node.Ended.WaitAsync(TestNode.Patience);
        var ledger = await node.StopAsync();

        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.Equal(Lines, node["outputs.out"].Out);
        var written = await File.ReadAllBytesAsync(folder["out"]);
        Assert.True(written.AsSpan().SequenceEqual(text.ToArray()));
        await node.DisposeAsync();
    }

    [Theory]
    [InlineData("0B")]
    [InlineData("2GiB")]
    public void Says_which_line_sizes_it_takes(string size)
    {
        var exception = Assert.Throws<ConfigurationException>(() => Read($"max-line-size = {size}"));

        Assert.Contains("`max-line-size` must be between", exception.Message);
    }

    [Fact]
    public void Takes_its_options_from_the_configuration() =>
        Assert.Equal(new StdinInput.Options { MaxLineSize = 1024 }, Read("max-line-size = 1KiB").Components[0].Options);

    private static NodeDefinition Read(string options) => new RouterBuilder()
        .FromText("router { errors { type = test }, inputs { a { type = stdin, to = b, " + options + " } }, outputs { b { type = test } } }")
        .Build();

    private static ScriptedStream Chunks(params string[] chunks) => ScriptedStream.OfChunks(chunks.Select(Encoding.UTF8.GetBytes));

    private static ComponentDefinition Stdin(MessageFormat codec = MessageFormat.Text, long? maxLineSize = null) =>
        Some.Component<StdinInput>("in", maxLineSize is { } size ? new StdinInput.Options { MaxLineSize = size } : new StdinInput.Options()) with { Codec = codec };

    private static Task<TestNode> StartAsync(Stream input, params ComponentDefinition[] chain) =>
        TestNode.StartAsync(Some.Chain(chain), services => services.AddSingleton<IStandardStreams>(new TestStreams { Input = input }));

    private sealed class OneAtATime : OutputActor
    {
        private readonly RecordedMessages _recorded;
        private readonly Queue<Message> _messages = [];

        public OneAtATime(RecordedMessages recorded)
        {
            _recorded = recorded;
            Receive<WriteNext>(_ => HandleWriteNext());
        }

        protected override void WriteBatch(MessageBatch batch)
        {
            PauseTaking();
            foreach (var message in batch) _messages.Enqueue(message);
            Self.Tell(WriteNext.Instance);
        }

        private void HandleWriteNext()
        {
            _recorded.Add(Name, [_messages.Dequeue()]);
            Delivered(1);
            if (_messages.Count > 0) Self.Tell(WriteNext.Instance);
            else ResumeTaking();
        }

        private sealed record WriteNext
        {
            public static readonly WriteNext Instance = new();
        }
    }
}
