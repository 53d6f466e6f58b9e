using MessageRouter.Cli;
using MessageRouter.Cli.Controlling.ClusterReloads;
using MessageRouter.Clustering;
using MessageRouter.Control.Serving;
using MessageRouter.Reloading;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Cli.Controlling.ClusterReloads;

/// <summary>Three nodes, each with an answer to being told to reload, and one to going back.</summary>
public sealed class MemberReloadsTests : IDisposable
{
    private readonly SharedText _output = new();
    private readonly SharedText _error = new();
    private readonly List<string> _asked = [];
    private readonly CancellationTokenSource _interrupted = new();

    private readonly DateTimeOffset _started = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly CliRun _signals = new();

    public void Dispose()
    {
        _interrupted.Dispose();
        _signals.Dispose();
    }

    /// <param name="a">What a does when it is to reload: <c>does</c>, <c>fails</c>, <c>refuses</c>, is <c>away</c> before or <c>late</c>, so that it does it after nobody waits for it any more, or is at it when somebody <c>ends</c> the command.</param>
    /// <param name="b">The same for b.</param>
    /// <param name="c">The same for c.</param>
    /// <param name="exitCode">What it ends with.</param>
    /// <param name="asked">What they were asked, one after the other.</param>
    /// <param name="standings">Where things stand.</param>
    [Theory]
    [InlineData("does", "does", "does", 0, "a b c a:kept b:kept c:kept", "")]
    [InlineData("fails", "does", "does", 78, "a", "a, b, c as before")]
    [InlineData("does", "fails", "does", 78, "a b a:undone", "a back to what was before; b, c as before")]
    [InlineData("does", "does", "fails", 78, "a b c b:undone a:undone", "a, b back to what was before; c as before")]
    [InlineData("does", "does", "refuses", 77, "a b c b:undone a:undone", "a, b back to what was before; c as before")]
    [InlineData("does", "late", "does", 69, "a b b:undone a:undone", "a, b back to what was before; c as before")]
    [InlineData("does", "breaks", "does", 70, "a b a:undone", "a back to what was before; c as before; b as before, but for what does not work any more")]
    [InlineData("does", "late, breaks", "does", 70, "a b b:undone a:undone", "a back to what was before; c as before; b as before, but for what does not work any more")]
    [InlineData("does, breaks then", "fails", "does", 70, "a b a:undone", "b, c as before; a as the files say now, and not back")]
    [InlineData("does", "away", "does", 70, "a b b:undone a:undone", "a back to what was before; c as before; of b it is not known")]
    [InlineData("does", "late, away before", "does", 69, "a b b:undone a:undone", "a back to what was before; b, c as before")]
    [InlineData("does, stays", "fails", "does", 70, "a b a:undone", "b, c as before; a as the files say now, and not back")]
    [InlineData("does, is reloaded", "fails", "does", 70, "a b a:undone", "b, c as before; of a it is not known")]
    [InlineData("does, refuses then", "fails", "does", 70, "a b a:undone", "b, c as before; of a it is not known")]
    [InlineData("does, goes", "fails", "does", 70, "a b a:undone", "b, c as before; of a it is not known")]
    [InlineData("does", "ends", "does", 130, "a b b:undone a:undone", "a, b back to what was before; c as before")]
    [InlineData("does, forgets", "fails", "does", 70, "a b a:undone", "b, c as before; of a it is not known")]
    [InlineData("does, says nothing", "fails", "does", 70, "a b a:undone", "b, c as before; of a it is not known")]
    [InlineData("does, restarts as new", "fails", "does", 70, "a b a:undone", "b, c as before; a as the files say now, and not back")]
    [InlineData("does, restarts as old", "fails", "does", 78, "a b a:undone", "a back to what was before; b, c as before")]
    [InlineData("does, restarts as another", "fails", "does", 70, "a b a:undone", "b, c as before; of a it is not known")]
    [InlineData("does", "late, restarts as new", "does", 70, "a b b:undone a:undone", "a back to what was before; c as before; b as the files say now, and not back")]
    public async Task All_do_it_or_none(string a, string b, string c, int exitCode, string asked, string standings)
    {
        var (code, said) = await RunAsync(allOrNone: true, a, b, c);

        Assert.Equal((exitCode, asked), (code, string.Join(' ', _asked)));
        Assert.Equal(standings.Length == 0 ? "" : $"where things stand: {standings}.", said.Split('\n').FirstOrDefault(line => line.StartsWith("where", StringComparison.Ordinal)) ?? "");
        Assert.Equal(standings.Length > 0, said.EndsWith("put the old ones back, or the next reload or start of a node takes the new ones.\n", StringComparison.Ordinal));
        Assert.Equal(a.EndsWith("stays", StringComparison.Ordinal), said.Contains("error: a cannot go back to what it was.\nthe port is taken\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("does", "does", "does", 0, "a b c", "")]
    [InlineData("does", "fails", "does", 78, "a b", "a as the files say now; b, c as before")]
    [InlineData("does", "breaks", "does", 70, "a b", "a as the files say now; c as before; b as before, but for what does not work any more")]
    [InlineData("does", "away", "does", 69, "a b", "a as the files say now; c as before; of b it is not known")]
    [InlineData("does", "does", "ends", 130, "a b c", "a, b as the files say now; of c it is not known")]
    public async Task Without_that_it_ends_at_the_first_that_fails(string a, string b, string c, int exitCode, string asked, string standings)
    {
        var (code, said) = await RunAsync(allOrNone: false, a, b, c);

        Assert.Equal((exitCode, asked), (code, string.Join(' ', _asked)));
        if (standings.Length > 0) Assert.EndsWith($"\nwhere things stand: {standings}.\n", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("forgets", "error: a is not known to be what it was.\nit is at revision 3, and knows nothing of that reload any more\n")]
    [InlineData("is reloaded", "error: a is not known to be what it was.\nit has been reloaded again since\n")]
    [InlineData("refuses then", "error: a is not known to be what it was.\nit may not\n")]
    [InlineData("says nothing", "error: a is not known to be what it was.\nit does not say what it is now\n")]
    [InlineData("restarts as new", "error: a cannot go back to what it was.\nit was started again at 2026-01-02 03:05:05Z, and knows nothing of that reload: it is at revision 1 (new)\n")]
    [InlineData("restarts as another", "error: a is not known to be what it was.\nit was started again at 2026-01-02 03:05:05Z, and knows nothing of that reload: it is at revision 1 (another)\n")]
    public async Task Which_run_and_revision_of_it_has_not_gone_back_is_said(string doesThen, string problem)
    {
        var (_, said) = await RunAsync(allOrNone: true, $"does, {doesThen}", "fails", "does");

        Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_has_cost_is_said_there_and_back()
    {
        await RunAsync(allOrNone: true, "does, dropping", "fails", "does");

        Assert.Equal(2, _error.ToString().Split("warning: a has dropped 3 messages").Length - 1);
    }

    [Fact]
    public async Task What_is_brought_goes_to_each_and_is_not_on_their_disks()
    {
        IReadOnlyList<BroughtFile> files = [new("new.conf", "router {}")];
        var brought = new List<IReadOnlyList<BroughtFile>?>();
        var reloads = new MemberReloads((request, _) => { brought.Add(request.Files); return Task.FromResult(new MemberReload { Problem = "no" }); }, new ClusterReloadOrder(null, files) { AllOrNone = true }, Surroundings());

        var failure = await Assert.ThrowsAsync<CommandException>(() => reloads.RunAsync([("a", new MemberReload())], CancellationToken.None));

        Assert.Same(files, Assert.Single(brought));
        Assert.EndsWith("where things stand: a as before.\n", failure.Message, StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Said)> RunAsync(bool allOrNone, params string[] does)
    {
        var nodes = does.Zip(["a", "b", "c"]).ToDictionary(pair => pair.Second, pair => pair.First);
        var runs = new HashSet<string?>();
        try
        {
            await new MemberReloads(AskAsync, new ClusterReloadOrder(null, null) { AllOrNone = allOrNone }, Surroundings())
                .RunAsync([.. nodes.Keys.Select(node => (node, new MemberReload { Id = $"plan of {node}", Revision = 2, HashBefore = "old", Hash = "new", StartedAt = _started }))], _interrupted.Token);
            return (0, "");
        }
        catch (CommandException exception)
        {
            Assert.True(exception.IsReport);
            return (exception.ExitCode, exception.Message);
        }
        finally
        {
            Assert.Equal(allOrNone, Assert.Single(runs) is not null);
        }

        async Task<MemberReload> AskAsync(ClusterReloadRequest request, CancellationToken cancellation)
        {
            static MemberReload Now(DateTimeOffset started, int revision, string? hash) => new() { StartedAt = started, Revision = revision, Hash = hash };
            runs.Add(request.Run);
            Assert.False(request.Plan);
            _asked.Add(request.End is { } end ? $"{request.Node}:{end.ToString().ToLowerInvariant()}" : request.Node);
            var what = nodes[request.Node];
            if (request.End is null) return await DoAsync(what, request, cancellation);
            Assert.False(cancellation.CanBeCanceled);
            return request.End == ReloadEnd.Kept ? new MemberReload() : what switch
            {
                "away" or "does, goes" => throw CommandException.Unavailable("it does not answer"),
                "does, stays" => new MemberReload { Problem = "the port is taken", Revision = 2, Hash = "new" },
                "does, is reloaded" => new MemberReload { Problem = "it has been reloaded again since", Revision = 3, Hash = "another" },
                "does, refuses then" => new MemberReload { Problem = "it may not", IsRefused = true },
                "late, breaks" => new MemberReload { Problem = "the port is taken", NotTakenBack = ["outputs.out"], Revision = 1, Hash = "old" },
                "does, breaks then" => new MemberReload { Problem = "the disk is gone", NotTakenBack = ["outputs.out"], Revision = 2, Hash = "new" },
                "late, away before" => Now(_started, 1, "old"),
                "does, forgets" => Now(_started, 3, null),
                "does, says nothing" => new MemberReload(),
                _ when what.Contains("restarts as", StringComparison.Ordinal) => Now(_started.AddMinutes(1), 1, what.Split(' ')[^1]),
                "does, dropping" => new MemberReload { WentBack = true, Dropped = 3 },
                _ => new MemberReload { WentBack = true },
            };
        }
    }

    private async Task<MemberReload> DoAsync(string what, ClusterReloadRequest request, CancellationToken cancellation)
    {
        Assert.Equal($"plan of {request.Node}", request.Expect);
        if (what == "ends")
        {
            await _interrupted.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
        }
        return what switch
        {
            "fails" => new MemberReload { Problem = "the port is taken" },
            "breaks" => new MemberReload { Problem = "the port is taken", NotTakenBack = ["outputs.out"] },
            "refuses" => new MemberReload { Problem = "it may not", IsRefused = true },
            "away" or "late" or "late, away before" or "late, restarts as new" or "late, breaks" => throw CommandException.Unavailable("it does not answer"),
            _ => new MemberReload { Revision = 2, Seconds = 0.5, Dropped = what == "does, dropping" ? 3 : 0 },
        };
    }

    private Surroundings Surroundings() => new() { Output = _output, Error = _error, Signals = _signals };
}
