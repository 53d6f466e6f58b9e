namespace MessageRouter.InteropTests.Clustering;

/// <summary>Nodes of a cluster become what files say, one after the other, all or none.</summary>
public sealed class ClusterReloadTests(ITestOutputHelper output) : ClusterTest(output)
{
    [SkippableFact]
    public async Task A_file_is_applied_to_all_of_a_role_a_bad_one_to_none_and_one_that_is_away_stops_it()
    {
        var (a, b, c) = await StartAsync("configure", "configure");
        await WriteAsync("good.conf", "to = [out, more]", """more { type = file, path = ${router.name}"-more.log" }""");
        await WriteAsync("bad.conf", "to = nowhere", "");
        await WriteAsync("half.conf", "to = [out, more, half]", """more { type = file, path = ${router.name}"-more.log" }, half { type = file, path = ${router.name}"-folder/half.log" }""");
        Directory.CreateDirectory(Files["b-folder"]);

        var good = await Output("reload", Files["good.conf"], "--node", "a", "--cluster", "--role", "worker", "--all-or-none", "--yes");
        Assert.Matches(@"(?s)^b: Revision 2 .*\+ outputs\.more.*c: Revision 2 .*b: revision 2 is in force.*c: revision 2 is in force.*That holds until a node reads its own files again", good);
        Assert.Contains("good.conf (from a)", await Output("status", "--node", "c"), StringComparison.Ordinal);
        await b.Reports(line => line.Contains("a has asked this node to reload with files that it brings.", StringComparison.Ordinal), "who has brought it");
        await a.WriteAsync(Numbered(0, 100));
        foreach (var file in (string[])["b-more.log", "c-more.log"]) await a.Until(() => File.Exists(Files[file]) && new FileInfo(Files[file]).Length > 0, $"messages in {file}");

        Assert.Matches(@"(?s)error: b cannot reload; nothing was changed\..*error: c cannot reload; nothing was changed\.", await FailsAsync(78, Files["bad.conf"], "--role", "worker", "--all-or-none", "--yes"));
        Assert.Matches(
            @"(?s)error: c has not reloaded, so that none is to\..*outputs\.half could not be started.*where things stand: b back to what was before; c as before\.$", await FailsAsync(78, Files["half.conf"], "--role", "worker", "--all-or-none", "--yes"));
        await b.Reports(line => line.Contains("a has asked this node to go back to what it was", StringComparison.Ordinal), "that it went back");
        var same = await Output("reload", Files["good.conf"], "--node", "a", "--cluster", "--role", "worker", "--plan");
        Assert.Equal("b: nothing has changed that it can take while it runs.\nc: nothing has changed that it can take while it runs.", same);

        c.Send(Signal.Kill);
        await c.Exits();
        Assert.Equal("error: c does not answer, and would stay as before; nothing was changed.", await FailsAsync(69, Files["half.conf"], "--role", "worker", "--yes"));
    }

    [SkippableFact]
    public async Task Own_files_are_all_taken_or_none_and_what_is_brought_is_refused_where_only_those_may_be()
    {
        var (a, b, c) = await StartAsync("configure", "reload");
        await WriteAsync("good.conf", "to = out", "");
        Assert.Equal(
            "error: c cannot reload; nothing was changed.\nc takes no configuration from others: its `router.cluster.control` is `reload`, not `configure`",
            await FailsAsync(77, Files["good.conf"], "--role", "worker", "--yes"));

        foreach (var (file, folder) in (IEnumerable<(string, string)>)[("node2.conf", ""), ("node3.conf", "nowhere/")])
        {
            var text = await File.ReadAllTextAsync(Files[file]);
            await File.WriteAllTextAsync(Files[file], text.Replace("outputs {", $"outputs {{ more {{ type = file, path = \"{folder}more.log\" }},", StringComparison.Ordinal).Replace("to = out", "to = [out, more]", StringComparison.Ordinal));
        }
        Assert.Matches(@"(?s)where things stand: b back to what was before; c as before\.\nThe files of each are as they are: put the old ones back, or", await FailsAsync(78, "--role", "worker", "--all-or-none", "--yes"));
        Assert.Matches(@"(?s)where things stand: b as the files say now; c as before\.$", await FailsAsync(78, "--role", "worker", "--yes"));
        a.EndInput();
        await a.Ends();
        await b.Stops();
        await c.Stops();
    }

    private async Task<(RouterProcess A, RouterProcess B, RouterProcess C)> StartAsync(string controlOfB, string controlOfC)
    {
        using var authority = Authority("The cluster");
        await File.WriteAllTextAsync(Files["trust.pem"], authority.ExportCertificatePem());
        foreach (var name in (string[])["a", "b", "c"]) Issue(authority, name);
        var nodes = (Run("a", Stays(Feed("at-most-once")), Tls("a")), Worker("b", controlOfB), Worker("c", controlOfC));
        await AllAreThere(nodes.Item1, nodes.Item2, nodes.Item3);
        return nodes;

        RouterProcess Worker(string node, string control) => Run(node, Stays(Work("at-most-once")), $"control = {control}, roles = [worker], {Tls(node)}");

        // One that is killed is away, and not gone, however long a command takes.
        static string Stays(string components) => $"cluster.split-brain.stable-after = 1h\n  {components}";
    }

    private Task WriteAsync(string file, string to, string outputs) => File.WriteAllTextAsync(Files[file], $$"""
        router {
          inputs { work { type = cluster, stream = jobs, delivery = at-most-once, {{to}} } }
          outputs { out { type = stdout }, {{outputs}} }
        }
        """);

    private async Task<string> FailsAsync(int exitCode, params IEnumerable<string> arguments)
    {
        var command = MessageRouter(["reload", .. arguments, "--node", "a", "--cluster"]);
        Assert.True(await command.Exits() == exitCode, command.Describe());
        return string.Join('\n', command.Errors.Lines);
    }
}
