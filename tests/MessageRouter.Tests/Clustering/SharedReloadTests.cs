using MessageRouter.Clustering;
using MessageRouter.Outputs;
using MessageRouter.Reloading;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Clustering;

/// <summary>One node's part in a reload that several do together.</summary>
public sealed class SharedReloadTests : IAsyncLifetime
{
    private readonly ProbeSource _source = new();
    private TestNode _node = null!;
    private NodeDefinition _next = null!;
    private SharedReload _reload = null!;

    public async Task InitializeAsync()
    {
        var before = Some.Chain(_source.Input(), ScriptedFilter.Of(message => message.With("by", "old")));
        _node = await TestNode.StartAsync(before);
        _next = Some.Chain(before.Components[0], ScriptedFilter.Of(message => message.With("by", "new"), "g"));
        _reload = new SharedReload(_node.Node, _node.Clock);
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task It_goes_back_to_what_it_was_and_loses_nothing()
    {
        await _reload.RunAsync(_next, "run", null, CancellationToken.None);
        _source.Send("{}");
        Assert.Equal(["""{"by":"new"}"""], await _node.SinkAsync(1));

        var back = await _reload.UndoAsync("run");
        _source.Send("{}");

        Assert.Equal(3, back!.Revision);
        Assert.Equal(["""{"by":"new"}""", """{"by":"old"}"""], await _node.SinkAsync(2));
        Assert.Null(await _reload.UndoAsync("run"));
    }

    [Fact]
    public async Task It_has_nothing_to_undo_where_it_has_not_begun_or_it_is_another_one_and_does_not_begin_then()
    {
        Assert.Null(await _reload.UndoAsync("run"));

        var late = await Assert.ThrowsAsync<InvalidOperationException>(() => _reload.RunAsync(_next, "run", null, CancellationToken.None));
        Assert.Equal("not all nodes could reload, so that this one did not begin; nothing was done", late.Message);
        await _reload.RunAsync(_next, "another", null, CancellationToken.None);
        Assert.Null(await _reload.UndoAsync("run"));
        Assert.Equal("g", _node.Node.Definition.Components[1].Name);
    }

    [Fact]
    public async Task It_waits_for_what_it_is_at_although_nobody_waits_for_that_any_more()
    {
        var gate = new Gate();
        await _node.Node.ReloadAsync(Some.Chain(_next.Components[0], gate.Output("held")));
        _source.Send("{}");
        await Eventually.IsTrueAsync(() => gate.Taken.Count == 1);
        using var ended = new CancellationTokenSource();
        var running = _reload.RunAsync(_next, "run", null, ended.Token);
        await Eventually.IsTrueAsync(() => _node.Node.Definition.Components[1].Name == "g");
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        var undoing = _reload.UndoAsync("run");
        Assert.False(undoing.IsCompleted);
        gate.Open();

        Assert.NotNull(await undoing);
        Assert.Equal("held", _node.Node.Definition.Components[1].Name);
    }

    [Fact]
    public async Task It_stays_as_it_is_where_it_has_been_reloaded_since()
    {
        await _reload.RunAsync(_next, "run", null, CancellationToken.None);
        await _node.Node.ReloadAsync(_next with { ErrorsPerSecond = 7 });

        var problem = await Assert.ThrowsAsync<InvalidOperationException>(() => _reload.UndoAsync("run"));

        Assert.Equal("it has been reloaded again since, and stays as that has left it", problem.Message);
        Assert.Equal(7, _node.Node.Definition.ErrorsPerSecond);
    }

    [Theory]
    [InlineData("said", "it was told that all have done it; it stays at revision 2, which that reload has put in force")]
    [InlineData("late", "nobody has told it for a day how that reload has ended; it stays at revision 2, which that reload has put in force")]
    [InlineData("another", "another reload of several nodes has come since; it stays at revision 3, which has come after that reload")]
    [InlineData("another of its own", "another reload of several nodes has come since; it stays at revision 4, which has come after that reload")]
    public async Task Where_there_is_no_way_back_any_more_it_says_why_and_what_is_in_force(string end, string problem)
    {
        await _reload.RunAsync(_next, "run", null, CancellationToken.None);

        if (end == "said") _reload.End("run");
        else if (end == "late") _node.Clock.Advance(SharedReload.Patience);
        else await _reload.RunAsync(_next with { ErrorsPerSecond = 7 }, "another", null, CancellationToken.None);
        if (end == "another of its own") await _node.Node.ReloadAsync(_next with { ErrorsPerSecond = 8 });

        Assert.Equal(problem, (await Assert.ThrowsAsync<InvalidOperationException>(() => _reload.UndoAsync("run"))).Message);
        Assert.Equal("g", _node.Node.Definition.Components[1].Name);
    }

    [Fact]
    public async Task One_that_fails_leaves_nothing_to_undo()
    {
        var failing = Some.Component<ScriptedFilter>("g", new ScriptedFilter.Options { Open = _ => throw new InvalidOperationException("no") });

        await Assert.ThrowsAsync<ReloadException>(() => _reload.RunAsync(Some.Chain(_next.Components[0], failing), "run", null, CancellationToken.None));

        Assert.Null(await _reload.UndoAsync("run"));
        Assert.Equal("f", _node.Node.Definition.Components[1].Name);
    }

    [Fact]
    public async Task One_that_fails_and_leaves_something_broken_says_so_again_to_who_has_not_heard_it()
    {
        using var folder = new TempFolder();
        var failure = await BreakAsync(folder);

        var again = await Assert.ThrowsAsync<ReloadException>(() => _reload.UndoAsync("run"));

        Assert.Equal(["outputs.file"], failure.NotTakenBack);
        Assert.Equal((failure.Message, failure.Report), (again.Message, again.Report));
        Assert.Equal(failure.NotTakenBack, again.NotTakenBack);
        Assert.Null(again.InnerException);
        Assert.Equal(2, _node.Node.Topology.Revision);
    }

    [Fact]
    public async Task What_was_left_broken_is_not_said_any_more_when_it_has_been_reloaded_since()
    {
        using var folder = new TempFolder();
        await BreakAsync(folder);
        Directory.CreateDirectory(folder["there"]);

        await _node.Node.ReloadAsync(_node.Node.Definition);

        Assert.Null(await _reload.UndoAsync("run"));
    }

    [Fact]
    public async Task Who_says_how_it_has_ended_hears_which_run_and_revision_of_the_node_that_is_said_of()
    {
        await _node.Node.ReloadAsync(_next);

        var said = await new OwnReload(_node.Node, _node.Clock).RunAsync(new MemberReloadRequest(Plan: false) { Run = "run", End = ReloadEnd.Undone }, "a", CancellationToken.None);
        var heard = MemberReload.FromJson(said.ToJson());

        Assert.Equal((false, null, 2, _node.Node.Definition.ConfigurationHash, _node.Node.Status().StartedAt), (heard.WentBack, heard.Problem, heard.Revision, heard.Hash, heard.StartedAt!.Value));
    }

    [Fact]
    public async Task Who_has_it_go_back_hears_what_is_in_force_also_where_it_cannot()
    {
        _node.Node.ReadAgain = new NodeReadings(_ => new Reading(_next, []), _ => throw new NotSupportedException());
        var own = new OwnReload(_node.Node, _node.Clock);
        await own.RunAsync(new MemberReloadRequest(Plan: false) { Run = "run" }, "a", CancellationToken.None);
        await _node.Node.ReloadAsync(_next with { ErrorsPerSecond = 7, Hash = () => "newer" });

        var said = await own.RunAsync(new MemberReloadRequest(Plan: false) { Run = "run", End = ReloadEnd.Undone }, "a", CancellationToken.None);

        Assert.Equal(("it has been reloaded again since, and stays as that has left it", 3, "newer"), (said.Problem, said.Revision, said.Hash));
    }

    /// <summary>A reload that fails, after which an output does not work any more.</summary>
    private async Task<ReloadException> BreakAsync(TempFolder folder)
    {
        var file = Some.Component<FileOutput>("file", new FileOutput.Options { Path = folder["there/a.log"] });
        Directory.CreateDirectory(folder["there"]);
        var before = _node.Node.Definition;
        await _node.Node.ReloadAsync(before with { Components = [.. before.Components, file] });
        Directory.Delete(folder["there"], recursive: true);
        var next = before with { Components = [.. before.Components, file with { Options = new FileOutput.Options { Path = folder["there/a.log"], FlushInterval = TimeSpan.Zero } }] };
        return await Assert.ThrowsAsync<ReloadException>(() => _reload.RunAsync(next, "run", null, CancellationToken.None));
    }
}
