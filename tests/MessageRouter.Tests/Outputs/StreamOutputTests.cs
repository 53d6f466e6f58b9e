using System.IO.Pipes;
using System.Text;
using MessageRouter.Components;
using MessageRouter.Outputs;
using MessageRouter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace MessageRouter.Tests.Outputs;

public class StreamOutputTests
{
    [Fact]
    public async Task Writes_each_message_as_a_line_without_being_told_to_flush()
    {
        var source = new ProbeSource();
        var (output, written) = Recording();
        await using var node = await StartAsync<StdoutOutput>(source, new TestStreams { Output = output });

        source.Send("1", "2");
        await Eventually.IsTrueAsync(() => node["outputs.out"].Out == 2);
        source.Send("3");
        await Eventually.IsTrueAsync(() => node["outputs.out"].Out == 3);

        Assert.Equal("1\n2\n3\n", string.Concat(written));
        Assert.Equal("1\n2\n", written[0]);
    }

    [Fact]
    public async Task Keeps_nothing_back_when_what_came_last_could_not_be_encoded()
    {
        var source = new ProbeSource();
        using var entered = new SemaphoreSlim(0);
        using var released = new ManualResetEventSlim();
        var output = new ScriptedStream
        {
            OnWrite = _ =>
            {
                entered.Release();
                released.Wait(TestNode.Patience);
            },
        };
        await using var node = await TestNode.StartAsync(
            Some.Chain(
                source.Input() with { Codec = MessageFormat.Bytes },
                Some.Component<StdoutOutput>("out") with { Codec = MessageFormat.Text }),
            services => services.AddSingleton<IStandardStreams>(new TestStreams { Output = output }));

        source.Send("1");
        Assert.True(await entered.WaitAsync(TestNode.Patience));
        source.Send("2");
        source.Intake.TryAdd(MessageBatch.Of(source.Intake.NewMessage(new byte[] { 0xff })));
        await Eventually.IsTrueAsync(() => node["outputs.out"].In == 3);
        released.Set();

        await Eventually.IsTrueAsync(() => node["outputs.out"].Out == 2, () => node.Node.Ledger().ToJson());
    }

    [Fact]
    public async Task Writes_to_the_standard_error_output()
    {
        var source = new ProbeSource();
        var (error, written) = Recording();
        await using var node = await StartAsync<StderrOutput>(source, new TestStreams { Error = error });

        source.Send("1");
        await node.StopAsync();

        Assert.Equal("1\n", string.Concat(written));
    }

    [Fact]
    public async Task Writes_a_message_that_is_larger_than_its_buffer_in_its_place()
    {
        var source = new ProbeSource();
        var (output, written) = Recording();
        await using var node = await StartAsync<StdoutOutput>(source, new TestStreams { Output = output });
        string[] sent = ["1", $"\"{new string('x', 300_000)}\"", "2", $"\"{new string('y', 262_141)}\"", $"\"{new string('z', 262_142)}\"", "3"];

        source.Send(sent);
        await node.StopAsync();

        Assert.Equal(string.Concat(sent.Select(text => text + "\n")), string.Concat(written));
        Assert.Equal(6, node["outputs.out"].Out);
    }

    [Fact]
    public async Task Stops_with_an_error_when_the_reader_of_its_pipe_has_gone()
    {
        if (OperatingSystem.IsWindows()) return;
        var source = new ProbeSource();
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        using var output = new FileStream(
            new SafeFileHandle(pipe.ClientSafePipeHandle.DangerousGetHandle(), ownsHandle: false), FileAccess.Write, bufferSize: 0);
        await using var node = await StartAsync<StdoutOutput>(source, new TestStreams { Output = output });
        source.SendNumbers(0, 10);
        await Eventually.IsTrueAsync(() => node["outputs.out"].Out == 10);

        pipe.Dispose();
        source.SendNumbers(10, 10);
        await Eventually.IsTrueAsync(() => node["outputs.out"].Dropped.GetValueOrDefault("stopped") == 10);
        source.SendNumbers(20, 10);
        await Eventually.IsTrueAsync(() => node["outputs.out"].Dropped["stopped"] == 20);

        Assert.True(node.Node.HasFailedComponents);
        Assert.Equal(0, node["outputs.out"].Restarts);
        Assert.Contains(node.Log.Lines, line => line.Level == LogLevel.Error && line.Category == "outputs.out" && line.Text.Contains("pipe"));
    }

    [Fact]
    public async Task Writes_again_after_another_failure_what_was_not_written()
    {
        var source = new ProbeSource();
        var written = new List<string>();
        var writes = 0;
        var output = new ScriptedStream
        {
            OnWrite = bytes =>
            {
                if (++writes % 3 != 1) throw new IOException("no");
                written.Add(Encoding.UTF8.GetString(bytes));
            },
        };
        await using var node = await StartAsync<StdoutOutput>(source, new TestStreams { Output = output });

        for (var from = 0; from < 1000; from += 10) source.SendNumbers(from, 10);
        await Eventually.IsTrueAsync(() => node["outputs.out"].Out == 1000, node.Clock, TimeSpan.FromSeconds(1));

        Assert.Equal(string.Concat(Enumerable.Range(0, 1000).Select(n => $"{{\"n\":{n}}}\n")), string.Concat(written));
    }

    private static (ScriptedStream Stream, List<string> Written) Recording()
    {
        var written = new List<string>();
        return (new ScriptedStream { OnWrite = bytes => written.Add(Encoding.UTF8.GetString(bytes)) }, written);
    }

    private static Task<TestNode> StartAsync<TOutput>(ProbeSource source, TestStreams streams)
        where TOutput : OutputActor =>
        TestNode.StartAsync(Some.Chain(source.Input(), Some.Component<TOutput>("out")), services => services.AddSingleton<IStandardStreams>(streams));
}
