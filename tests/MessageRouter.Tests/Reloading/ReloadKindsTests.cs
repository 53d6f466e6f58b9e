using System.IO.Pipes;
using MessageRouter.Components;
using MessageRouter.Distribution;
using MessageRouter.Inputs;
using MessageRouter.Outputs;
using MessageRouter.Reloading;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.Workers;
using MessageRouter.Tests.ZeroMq;
using MessageRouter.Workers;
using MessageRouter.ZeroMq;
using Microsoft.Extensions.DependencyInjection;

namespace MessageRouter.Tests.Reloading;

/// <summary>What is special about some of what a node consists of.</summary>
public sealed class ReloadKindsTests
{
    [Fact]
    public async Task The_standard_input_goes_on_where_it_was()
    {
        using var writer = new AnonymousPipeServerStream(PipeDirection.Out);
        using var reader = new AnonymousPipeClientStream(PipeDirection.In, writer.ClientSafePipeHandle);
        var stdin = Some.Component<StdinInput>("in", new StdinInput.Options()) with { Codec = MessageFormat.Text };
        await using var node = await TestNode.StartAsync(Some.Chain(stdin), services => services.AddSingleton<IStandardStreams>(new TestStreams { Input = reader }));
        writer.Write("one\ntwo and ha"u8);
        await node.SinkAsync(1);

        await ReloadAsync(node, stdin with { Options = new StdinInput.Options { MaxLineSize = 20 } });
        writer.Write("lf\nthree\nmuch more than twenty bytes\n"u8);

        Assert.Equal(["one", "two and half", "three"], await node.SinkAsync(3));
        await Eventually.IsTrueAsync(() => node["inputs.in"].Dropped.ContainsKey("too-large"));
        Assert.False(node.Node.Ended.IsCompleted);
        writer.Dispose();
        await node.Node.Ended.WaitAsync(TestNode.Patience);
    }

    [Fact]
    public async Task A_file_that_is_emptied_at_the_start_is_not_emptied_by_a_reload()
    {
        using var folder = new TempFolder();
        var source = new ProbeSource();
        var file = Some.Component<FileOutput>("sink", new FileOutput.Options { Path = folder["a.log"], Append = false, FlushInterval = TimeSpan.Zero });
        await using var node = await TestNode.StartAsync(Some.Chain(source.Input(), file));
        source.SendNumbers(1, 2);
        await Eventually.IsTrueAsync(() => node["outputs.sink"].Out == 2);

        await ReloadAsync(node, file with { Options = new FileOutput.Options { Path = folder["a.log"], Append = false, FlushInterval = TimeSpan.FromTicks(1) } });
        await ReloadAsync(node, file);
        source.SendNumbers(3, 1);
        await Eventually.IsTrueAsync(() => node["outputs.sink"].Out == 3);

        Assert.Equal(3, File.ReadAllLines(folder["a.log"]).Length);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_refused_and_the_old_one_goes_on()
    {
        using var folder = new TempFolder();
        var source = new ProbeSource();
        var file = Some.Component<FileOutput>("sink", new FileOutput.Options { Path = folder["a.log"], FlushInterval = TimeSpan.Zero });
        await using var node = await TestNode.StartAsync(Some.Chain(source.Input(), file));

        await Assert.ThrowsAsync<ReloadException>(() => ReloadAsync(node, file with { Options = new FileOutput.Options { Path = folder["not/there/a.log"] } }));
        source.SendNumbers(1, 1);

        await Eventually.IsTrueAsync(() => node["outputs.sink"].Out == 1);
        Assert.Single(File.ReadAllLines(folder["a.log"]));
    }

    [Fact]
    public async Task The_error_output_is_replaced_like_any_other()
    {
        var source = new ProbeSource();
        await using var node = await TestNode.StartChainAsync(source.Input(), ScriptedFilter.Throwing(n => n % 2 == 0));
        var taken = new System.Collections.Concurrent.ConcurrentQueue<string>();
        source.SendNumbers(1, 4);
        await Eventually.IsTrueAsync(() => node.Texts("errors").Count == 2);

        await node.Node.ReloadAsync(node.Node.Definition with { Errors = ScriptedOutput.Of(message => taken.Enqueue(message.ToString()), ""), ErrorsPerSecond = 7, MemoryLimit = 1 << 30 });
        source.SendNumbers(5, 4);

        await Eventually.IsTrueAsync(() => taken.Count == 2);
        Assert.Equal((4, 4), (node["errors"].In, node["errors"].Out));
        Assert.Equal(1 << 30, node.Node.Status().Memory.Limit);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_distributor_that_is_replaced_loses_nothing(bool answers)
    {
        var delivery = answers ? DeliveryMode.AtLeastOnce : DeliveryMode.AtMostOnce;
        await using var pull = await Zmq.StartAsync(Zmq.Input(new ZeroMqInput.Options { SocketType = ReceiverSocket.Pull, Delivery = delivery, Bind = [Zmq.AnyPort] }));
        var source = new ProbeSource();
        var distributor = Some.Component<DistributorOutput>("out", new DistributorOutput.Options { Workers = [pull.Endpoint()], Delivery = delivery });
        await using var push = await Zmq.StartAsync(source.Input(), distributor);
        source.SendNumbers(1, 500);

        for (var i = 1; i <= 3; i++)
        {
            var reload = ReloadAsync(push, distributor with { Options = new DistributorOutput.Options { Workers = [pull.Endpoint()], Delivery = delivery, Queue = 100 + i } });
            await Eventually.IsTrueAsync(() => reload.IsCompleted, push.Clock, TimeSpan.FromMilliseconds(10));
            await reload;
            source.SendNumbers((i * 500) + 1, 500);
        }

        await Eventually.IsTrueAsync(() => pull.Texts("outputs.sink").Distinct().Count() == 2000, push.Clock, TimeSpan.FromMilliseconds(10));
        if (!answers) Assert.Equal(2000, pull.Texts("outputs.sink").Count);
    }

    [Fact]
    public async Task Processes_of_another_command_take_the_place_of_others_one_after_the_other()
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group(instances: 2));
        await node.Processes.NextAsync(2);

        var reload = ReloadAsync(node, WorkerNode.Group(instances: 2) with { Command = ["work", "harder"] });
        await Eventually.IsTrueAsync(() => reload.IsCompleted, node.Test.Clock, TimeSpan.FromMilliseconds(50));
        await reload;

        Assert.Equal(["terminate w.1", "terminate w.2"], node.Processes.Deeds);
        Assert.Equal(["w.1", "w.2"], (await node.Processes.NextAsync(2)).Select(process => process.Name));
        Assert.Equal(["running", "running"], node.Node.Ledger().Processes.Select(process => process.State));
    }

    [Fact]
    public async Task Processes_that_do_not_come_up_leave_the_group_as_it_was()
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group(instances: 2));
        await node.Processes.NextAsync(2);

        var reload = ReloadAsync(node, WorkerNode.Group(instances: 2) with { Command = ["breaks"] });
        var first = await node.Processes.NextAsync();
        first.Exit(1);
        await Eventually.IsTrueAsync(() => reload.IsCompleted, node.Test.Clock, TimeSpan.FromMilliseconds(50));

        var failure = await Assert.ThrowsAsync<ReloadException>(() => reload);
        Assert.StartsWith("workers.w.1 does not come up: exit code 1", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["work"], node.Node.Definition.Workers.Single().Command);
        await Eventually.IsTrueAsync(() => node.Node.Ledger().Processes.All(process => process.State == "running"), node.Test.Clock, TimeSpan.FromMilliseconds(50));
        Assert.Equal(["terminate w.1"], node.Processes.Deeds.Distinct());
    }

    [Fact]
    public async Task Groups_come_and_go()
    {
        await using var node = await WorkerNode.StartAsync(WorkerNode.Group("old"));
        await node.Processes.NextAsync();

        var reload = ReloadAsync(node, WorkerNode.Group("new", instances: 2));
        await Eventually.IsTrueAsync(() => reload.IsCompleted, node.Test.Clock, TimeSpan.FromMilliseconds(50));
        await reload;

        Assert.Equal(["new.1", "new.2"], (await node.Processes.NextAsync(2)).Select(process => process.Name));
        await Eventually.IsTrueAsync(() => node.Node.Ledger().Processes.Select(process => process.Name).SequenceEqual(["new.1", "new.2"]));
        Assert.Equal(["terminate old.1"], node.Processes.Deeds);
    }

    private static Task<ReloadPlan> ReloadAsync(TestNode node, ComponentDefinition component)
    {
        var now = node.Node.Definition;
        return node.Node.ReloadAsync(now with { Components = [.. now.Components.Select(known => known.Name == component.Name ? component with { To = known.To } : known)] });
    }

    private static Task<ReloadPlan> ReloadAsync(WorkerNode node, params WorkerGroupDefinition[] groups) =>
        node.Node.ReloadAsync(node.Node.Definition with { Workers = groups });
}
