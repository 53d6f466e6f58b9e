using System.Diagnostics;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Hosting;
using MessageRouter.Mailboxes;
using MessageRouter.Outputs;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MessageRouter.Tests.Outputs;

public sealed class FileOutputTests : IDisposable
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly TempFolder _folder = new();
    private readonly ProbeSource _source = new();
    private readonly ReopenSignal _reopen = new();

    private string File1 => _folder["out"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Has_written_everything_when_the_node_has_stopped()
    {
        await using var node = await StartAsync();

        _source.Send("1", "2");
        _source.Send("3");
        await node.StopAsync();

        Assert.Equal("1\n2\n3\n", Text(File1));
        Assert.Equal([File1], node["outputs.out"].Endpoints);
    }

    [Fact]
    public async Task Writes_behind_what_the_file_holds()
    {
        File.WriteAllText(File1, "old\n");
        await using var node = await StartAsync();

        _source.Send("1");
        await node.StopAsync();

        Assert.Equal("old\n1\n", Text(File1));
    }

    [Fact]
    public async Task What_a_killed_node_has_left_of_a_line_does_not_become_part_of_the_next()
    {
        File.WriteAllText(File1, "old\nhal");
        await using var node = await StartAsync();

        _source.Send("1");
        _source.Send("2");
        await node.StopAsync();

        Assert.Equal("old\nhal\n1\n2\n", Text(File1));
    }

    [Fact]
    public async Task Half_a_line_that_is_cut_off_before_the_first_message_leaves_no_empty_one()
    {
        File.WriteAllText(File1, "old\nhal");
        await using var node = await StartAsync();

        File.WriteAllText(File1, "");
        _source.Send("1");
        await node.StopAsync();

        Assert.Equal("1\n", Text(File1));
    }

    [Fact]
    public async Task Empties_the_file_at_the_start_when_it_is_not_to_append()
    {
        File.WriteAllText(File1, "old\n");
        await using var node = await StartAsync(append: false);

        _source.Send("1");
        await node.StopAsync();

        Assert.Equal("1\n", Text(File1));
    }

    [Fact]
    public async Task Takes_a_relative_path_from_the_current_directory()
    {
        await using var node = await StartAsync(Path.GetRelativePath(Environment.CurrentDirectory, File1));

        _source.Send("1");
        await node.StopAsync();

        Assert.Equal("1\n", Text(File1));
        Assert.Equal([File1], node["outputs.out"].Endpoints);
    }

    [Fact]
    public async Task Keeps_messages_no_longer_than_the_flush_interval()
    {
        await using var node = await StartAsync();

        _source.Send("1");
        await Taken(node, 1);
        node.Clock.Advance(s_second - TimeSpan.FromTicks(1));
        await Handled(node);
        Assert.Equal("", Text(File1));
        Assert.Equal(0, node["outputs.out"].Out);
        Assert.Equal(1, node["outputs.out"].Queued);

        node.Clock.Advance(TimeSpan.FromTicks(1));
        await Handled(node);
        Assert.Equal("1\n", Text(File1));
        Assert.Equal(1, node["outputs.out"].Out);
    }

    [Fact]
    public async Task Writes_at_once_when_the_flush_interval_is_zero()
    {
        await using var node = await StartAsync(flushInterval: TimeSpan.Zero);

        _source.Send("1");
        await Eventually.IsTrueAsync(() => node["outputs.out"].Out == 1);

        Assert.Equal("1\n", Text(File1));
    }

    [Fact]
    public async Task Writes_at_once_what_fills_the_buffer()
    {
        await using var node = await StartAsync();

        _source.SendNumbers(0, 30_000);

        await Eventually.IsTrueAsync(() => node["outputs.out"].Out > 0);
        Assert.InRange(new FileInfo(File1).Length, 200_000, 300_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Goes_on_in_a_new_file_when_its_file_was_renamed_or_deleted(bool delete)
    {
        await using var node = await StartAsync();
        await WriteNow(node, "1");

        if (delete) File.Delete(File1);
        else File.Move(File1, _folder["out.1"]);
        await WriteNow(node, "2");

        Assert.Equal("2\n", Text(File1));
        if (!delete) Assert.Equal("1\n", Text(_folder["out.1"]));
    }

    [Fact]
    public async Task Goes_on_in_the_file_that_has_replaced_its_own()
    {
        await using var node = await StartAsync();
        await WriteNow(node, "1");

        File.Move(File1, _folder["out.1"]);
        File.WriteAllText(File1, "");
        await WriteNow(node, "2");

        Assert.Equal("2\n", Text(File1));
        Assert.Equal("1\n", Text(_folder["out.1"]));
    }

    [Fact]
    public async Task Follows_a_symbolic_link_to_another_file()
    {
        if (OperatingSystem.IsWindows()) return;
        File.CreateSymbolicLink(File1, _folder["a"]);
        await using var node = await StartAsync();
        await WriteNow(node, "1");
        await WriteNow(node, "2");
        Assert.DoesNotContain(node.Log.Lines, line => line.Text.Contains("anew"));

        Link(_folder["b"]);
        await WriteNow(node, "3");

        Assert.Equal("1\n2\n", Text(_folder["a"]));
        Assert.Equal("3\n", Text(_folder["b"]));
    }

    [Fact]
    public async Task Leaves_no_hole_in_a_file_that_somebody_has_emptied()
    {
        await using var node = await StartAsync();
        await WriteNow(node, "1");

        File.WriteAllText(File1, "");
        await WriteNow(node, "2");

        Assert.Equal("2\n", Text(File1));
    }

    [Fact]
    public async Task Opens_the_file_anew_when_it_is_told_to()
    {
        await using var node = await StartAsync();
        await WriteNow(node, "1");
        File.Move(File1, _folder["out.1"]);
        _source.Send("2");
        await Taken(node, 1);

        _reopen.Raise();
        await Eventually.IsTrueAsync(() => File.Exists(File1));
        _source.Send("3");
        await node.StopAsync();

        Assert.Equal("1\n2\n", Text(_folder["out.1"]));
        Assert.Equal("3\n", Text(File1));
    }

    [Theory]
    [InlineData("missing/out", "create it")]
    [InlineData(".", "")]
    public async Task Does_not_start_with_a_path_that_cannot_be_written(string name, string cure)
    {
        var path = Path.GetFullPath(_folder[name]);

        var exception = await Assert.ThrowsAsync<ComponentStartException>(() => StartAsync(path));

        Assert.True(exception.IsUnavailable);
        Assert.Contains(path, exception.Message);
        Assert.Contains(cure, exception.Message);
    }

    [Fact]
    public async Task Neither_empties_the_file_nor_loses_its_place_when_it_is_restarted()
    {
        Directory.CreateDirectory(_folder["logs"]);
        var path = _folder["logs/out"];
        await using var node = await StartAsync(path, append: false);
        await WriteNow(node, "1");
        Directory.Move(_folder["logs"], _folder["away"]);
        _source.Send("2");
        await Taken(node, 1);

        _reopen.Raise();
        await Eventually.IsTrueAsync(() => node["outputs.out"].Restarts >= 2);
        _source.Send("3");
        Directory.Move(_folder["away"], _folder["logs"]);
        await WaitFor(node, 3);

        Assert.Equal("1\n2\n3\n", Text(path));
    }

    [Fact]
    public async Task Writes_in_order_what_it_kept_while_the_disk_was_full()
    {
        if (!OperatingSystem.IsLinux()) return;
        File.CreateSymbolicLink(File1, "/dev/full");
        await using var node = await StartAsync();

        _source.SendNumbers(0, 100);
        await Fails(node, times: 3);
        _source.SendNumbers(100, 100);
        Link(_folder["a"]);
        await WaitFor(node, 200);

        Assert.Equal(Numbers(0, 200), Text(_folder["a"]));
        Assert.Contains(node.Log.Lines, line => line.Category == "outputs.out" && line.Text.Contains("No space left"));
    }

    [Fact]
    public async Task Counts_what_its_mailbox_cannot_keep_while_the_disk_is_full()
    {
        if (!OperatingSystem.IsLinux()) return;
        File.CreateSymbolicLink(File1, "/dev/full");
        await using var node = await StartAsync(mailbox: new MailboxOptions { Capacity = 50, Overflow = Overflow.DropNewest });

        _source.SendNumbers(0, 10);
        await Fails(node, times: 3);
        _source.SendNumbers(10, 100);
        await Eventually.IsTrueAsync(
            () => node["outputs.out"] is var line && line.Queued + line.Dropped.GetValueOrDefault("mailbox-full") == 110);
        Link(_folder["a"]);
        await Eventually.IsTrueAsync(() => node["outputs.out"].Queued == 0, node.Clock, s_second);

        var kept = (int)node["outputs.out"].Out;
        Assert.InRange(kept, 50, 60);
        Assert.Equal(Numbers(0, kept), Text(_folder["a"]));
    }

    [Fact]
    public async Task Keeps_the_order_over_many_failures()
    {
        if (!OperatingSystem.IsLinux()) return;
        File.CreateSymbolicLink(File1, _folder["a"]);
        await using var node = await StartAsync(mailbox: new MailboxOptions { Capacity = 100_000 });

        for (var round = 0; round < 5; round++)
        {
            _source.SendNumbers(round * 10_000, 10_000);
            await WaitFor(node, ((round + 1) * 10_000) + round);
            Link("/dev/full");
            await FailsWith(node, round);
            Link(_folder["a"]);
        }
        await WaitFor(node, 50_005);

        var numbers = File.ReadAllLines(_folder["a"]).Where(line => !line.StartsWith('"')).ToList();
        Assert.Equal(Enumerable.Range(0, 50_000).Select(n => $$"""{"n":{{n}}}"""), numbers);
        Assert.Equal(50_005, File.ReadAllLines(_folder["a"]).Length);
    }

    [Fact]
    public async Task Hands_what_it_could_not_write_to_the_error_chain_when_it_is_to_resume()
    {
        if (!OperatingSystem.IsLinux()) return;
        File.CreateSymbolicLink(File1, "/dev/full");
        await using var node = await StartAsync(supervision: new SupervisionOptions { OnError = OnError.Resume });

        _source.SendNumbers(0, 10);
        await Eventually.IsTrueAsync(() => node["outputs.out"].Failed == 10, node.Clock, s_second);
        await Eventually.IsTrueAsync(() => node["errors"].Out == 10);
        Link(_folder["a"]);

        // The file is looked for at its path once a second.
        node.Clock.Advance(s_second);
        _source.SendNumbers(10, 10);
        var ledger = await node.StopAsync();

        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.Equal(0, node["outputs.out"].Restarts);
        Assert.Equal(Numbers(10, 10), Text(_folder["a"]));
    }

    [Fact]
    public async Task Writes_to_a_device()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var node = await StartAsync("/dev/null");

        await WriteNow(node, "1");
        await WriteNow(node, "2");

        Assert.Equal(2, node["outputs.out"].Out);
        Assert.Equal(0, node["outputs.out"].Restarts);
    }

    [Fact]
    public async Task Writes_to_a_fifo()
    {
        if (OperatingSystem.IsWindows()) return;
        using var mkfifo = Process.Start("mkfifo", [File1]);
        await mkfifo.WaitForExitAsync();
        var reader = Task.Run(() => File.ReadAllText(File1));

        await using (var node = await StartAsync())
        {
            await WriteNow(node, "1");
            await WriteNow(node, "2");
        }

        Assert.Equal("1\n2\n", await reader.WaitAsync(TestNode.Patience));
    }

    [Theory]
    [InlineData("append = true", "needs a key `path`")]
    [InlineData("path = \"\"", "give the file to write to")]
    [InlineData("path = x, flush-interval = 2d", "`flush-interval` must be between 0s and 1d")]
    public void Says_what_is_wrong_with_its_options(string options, string problem)
    {
        var exception = Assert.Throws<ConfigurationException>(() => Read(options));

        Assert.Contains(problem, exception.Message);
    }

    [Fact]
    public void Takes_its_options_from_the_configuration() =>
        Assert.Equal(
            new FileOutput.Options { Path = "x", Append = false, FlushInterval = TimeSpan.FromMilliseconds(5) },
            Read("path = x, append = false, flush-interval = 5ms").Components[1].Options);

    private static NodeDefinition Read(string options) => new RouterBuilder()
        .FromText("router { errors { type = test }, inputs { a { type = null, to = b } }, outputs { b { type = file, " + options + " } } }")
        .Build();

    private static string Numbers(int from, int count) => string.Concat(Enumerable.Range(from, count).Select(n => $"{{\"n\":{n}}}\n"));

    private static string Text(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    private static Task WaitFor(TestNode node, int delivered) => Eventually.IsTrueAsync(() => node["outputs.out"].Out == delivered, node.Clock, s_second);

    private static Task Fails(TestNode node, int times)
    {
        var before = node["outputs.out"].Restarts;
        return Eventually.IsTrueAsync(() => node["outputs.out"].Restarts >= before + times, node.Clock, s_second);
    }

    /// <summary>Waits until the output has taken so many messages and done with them what it does at once.</summary>
    private static Task Taken(TestNode node, int count) => node.HoldsAsync("outputs/out", count);

    /// <summary>Waits until the output has handled what it was told up to now.</summary>
    private static Task Handled(TestNode node) => node.HandledAsync("outputs/out");

    private Task FailsWith(TestNode node, int marker)
    {
        _source.Send($"\"{marker}\"");
        return Fails(node, times: 2);
    }

    private async Task WriteNow(TestNode node, string payload)
    {
        var before = node["outputs.out"].Out;
        _source.Send(payload);
        await Taken(node, 1);
        node.Clock.Advance(s_second);
        await Eventually.IsTrueAsync(() => node["outputs.out"].Out == before + 1);
    }

    private void Link(string target)
    {
        var link = _folder[Guid.NewGuid().ToString("N")];
        File.CreateSymbolicLink(link, target);
        File.Move(link, File1, overwrite: true);
    }

    private Task<TestNode> StartAsync(
        string? path = null, bool append = true, TimeSpan? flushInterval = null, MailboxOptions? mailbox = null, SupervisionOptions? supervision = null)
    {
        var options = new FileOutput.Options { Path = path ?? File1, Append = append, FlushInterval = flushInterval ?? s_second };
        var output = Some.Component<FileOutput>("out", options) with { Mailbox = mailbox ?? new(), Supervision = supervision ?? new() };
        return TestNode.StartAsync(Some.Chain(_source.Input(), output), services => services.AddSingleton(_reopen));
    }
}
