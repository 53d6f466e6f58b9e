using System.Text.Json;
using MessageRouter.InteropTests.Clustering;

namespace MessageRouter.InteropTests.Browser;

/// <summary>All nodes of a cluster on the page of one of them.</summary>
[Collection(BrowserFixture.Name)]
public sealed class ClusterPageTests(BrowserFixture browser, ITestOutputHelper output) : ClusterTest(output)
{
    private const string Takes = """
        inputs {
            work { type = cluster, stream = jobs, delivery = at-least-once, to = out }
            tick { type = generator, rate = 5, singleton = true, to = nothing }
          }
          outputs { out { type = stdout }, nothing { type = null } }
        """;

    /// <summary>In place of what else there is of the cluster: the page.</summary>
    private const string Page = "}\n  control.http.bind = \"127.0.0.1:0\"\n  cluster {";

    private readonly Dictionary<string, RouterProcess> _nodes = [];

    [SkippableFact]
    public async Task Nodes_streams_links_keys_and_who_reads_alone_are_those_of_the_status()
    {
        await using var page = await OpenAsync(await StartAsync());
        await FeedAsync(1000);
        await page.PressAsync("c");
        await page.UntilAsync("[...document.querySelectorAll('#cluster section[aria-label=Streams] tbody tr')].some(row => row.innerText.includes('1,000\\t1,000\\t0'))", "all to be delivered");

        var report = JsonDocument.Parse(await Output("status", "--node", "a", "--cluster", "--format", "json")).RootElement;
        var cluster = report.GetProperty("cluster");
        var leader = cluster.GetProperty("members").EnumerateArray().Single(member => member.GetProperty("address").GetString() == cluster.GetProperty("leader").GetString()).GetProperty("node").GetString();
        Assert.Equal($"Cluster logs · 3 nodes · {leader} leads · seen by a", await page.TextAsync(".cluster-head"));
        Assert.Equal(["a", "b", "c"], await KeysAsync(page, "Nodes"));
        Assert.Contains("leads", await RowAsync(page, "Nodes", leader!), StringComparison.Ordinal);
        foreach (var worker in Worker(report))
            Assert.Contains($"{worker.GetProperty("in").GetInt64():N0}\t{worker.GetProperty("out").GetInt64():N0}\t0\t", await RowAsync(page, "Links", $"a outputs.feed {worker.GetProperty("name").GetString()}"), StringComparison.Ordinal);
        foreach (var share in cluster.GetProperty("streams")[0].GetProperty("keys").GetProperty("shares").EnumerateArray())
            Assert.Contains($"\t{share.GetProperty("slots").GetInt32()}\t", await RowAsync(page, "Keys", $"jobs {share.GetProperty("node").GetString()}"), StringComparison.Ordinal);
        var reads = cluster.GetProperty("singletons")[0].GetProperty("node").GetString();
        Assert.Contains($"inputs.tick\t{reads}\t{(reads == "b" ? "c" : "b")}", await RowAsync(page, "One of a kind", "inputs.tick"), StringComparison.Ordinal);
        page.AssertClean();

        static IEnumerable<JsonElement> Worker(JsonElement report) =>
            report.GetProperty("nodes").EnumerateArray().SelectMany(node => node.GetProperty("status").GetProperty("components").EnumerateArray()).Single(component => component.GetProperty("name").GetString() == "outputs.feed").GetProperty("workers").EnumerateArray();
    }

    [SkippableFact]
    public async Task A_node_that_is_killed_is_away_and_then_gone_makes_nothing_wrong_of_the_others_and_its_return_is_said()
    {
        await using var page = await OpenAsync(await StartAsync());
        await FeedAsync(100);
        await page.PressAsync("c");
        await page.UntilAsync($"{Row("Nodes", "b")}?.dataset.state === 'running'", "all nodes");

        _nodes["b"].Send(Signal.Kill);
        await _nodes["b"].Exits();
        await page.UntilAsync($"['away', 'gone'].includes({Row("Nodes", "b")}.dataset.state)", "b to be away");
        Assert.Equal("Node b does not answer", await page.TextAsync("#announce"));
        await page.UntilAsync($"{Row("Nodes", "b")}.dataset.state === 'gone'", "b to be given up");
        Assert.StartsWith("Cluster logs · 2 nodes, 1 away · ", await page.TextAsync(".cluster-head"), StringComparison.Ordinal);
        Assert.EndsWith(". What is away is in no sum", await page.TextAsync(".cluster-head + .facts"), StringComparison.Ordinal);
        await FeedAsync(100, from: 100);
        await page.UntilAsync("document.querySelector('.cluster-head + .facts').innerText.includes(' lost. ') && " + $"{Row("Nodes", "c")}.dataset.state === 'running'", "the others to be as they are");

        _nodes["b"] = Run("b", Takes);
        await page.UntilAsync($"{Row("Nodes", "b")}.dataset.state === 'running'", "b to be back");
        Assert.Equal("Node b answers again", await page.TextAsync("#announce"));
        page.AssertClean();
    }

    [SkippableFact]
    public async Task For_whom_keys_wait_that_change_hands_and_who_takes_more_than_others_is_said()
    {
        const string slow = """
            inputs { work { type = cluster, stream = jobs, delivery = at-least-once, to = later } }
              filters { later { type = delay, delay = 1h, to = out } }
              outputs { out { type = null } }
            """;
        Requires.Chromium();
        (_nodes["a"], _nodes["b"]) = (Run("a", FeedByKey, Page), Run("b", slow));
        await AllAreThere(_nodes["a"], _nodes["b"]);
        await using var page = await OpenAsync(await _nodes["a"].NamesPage());
        await FeedAsync(100);
        await page.PressAsync("c");
        await page.UntilAsync("[...document.querySelectorAll('#cluster section[aria-label=Streams] tbody tr')].some(row => row.innerText.includes('100\\t'))", "all to be given");

        // What b has it is not done with for an hour, so what changes hands is not the new one's yet.
        _nodes["c"] = Run("c", Takes.Replace("stream = jobs,", "stream = jobs, weight = 3,", StringComparison.Ordinal));
        await page.UntilAsync($"{Row("Keys", "jobs b")}?.innerText.includes('\\t768, wait for a\\t')", "the keys to wait");
        await page.UntilAsync("document.querySelector('#cluster section[aria-label=Streams] tbody tr').innerText.endsWith('\\ta\\tb, c (weight 3)')", "who takes the stream");
        page.AssertClean();
    }

    [SkippableFact]
    public async Task What_may_not_be_as_it_was_meant_stands_above()
    {
        Requires.Chromium();
        var (a, b) = (Run("a", Leads("jobs", "results"), Page), Run("b", Leads("results", "jobs")));
        foreach (var node in (RouterProcess[])[a, b]) await node.Reports(line => line.Contains("is there.", StringComparison.Ordinal), "the other one to be there");
        await using var page = await OpenAsync(await a.NamesPage());
        await page.PressAsync("c");

        await page.UntilAsync("document.querySelector('.cluster-warnings li')?.innerText.startsWith('Messages can go round: `jobs` on a -> `results` on b -> `jobs`')", "the circle");
        Assert.Empty(await page.EvaluateAsync<string[]>(Resource("accessibility.js")));

        static string Leads(string from, string to) => $$"""
            inputs { work { type = cluster, stream = {{from}}, to = out } }
              outputs { out { type = cluster, stream = {{to}} } }
            """;
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_missing_for_who_cannot_see_it_or_not_well_and_nothing_is_wider_than_a_phone(bool isDark)
    {
        await using var page = await OpenAsync(await StartAsync(), isDark);
        await page.PressAsync("c");
        await page.UntilAsync($"{Row("Nodes", "c")}", "all nodes");
        Assert.Equal("cluster", await page.EvaluateAsync<string>("document.activeElement.id"));
        Assert.Equal("true", await page.EvaluateAsync<string>("document.getElementById('show-cluster').getAttribute('aria-pressed')"));
        Assert.Empty(await page.EvaluateAsync<string[]>(Resource("accessibility.js")));

        await page.PressAsync("/");
        await page.Page.Keyboard.TypeAsync("inputs.tick");
        Assert.Equal("1 found", await page.TextAsync("#filter-count"));
        await page.PressAsync("Escape", "Escape");
        await page.ResizeAsync(360, 740);
        Assert.Empty(await page.EvaluateAsync<string[]>("[...document.querySelectorAll('header *, .tools *, #cluster *')].filter(e => e.checkVisibility() && !e.closest('.hidden, .skip, svg, .finding') && e.getBoundingClientRect().right > 361).map(e => e.outerHTML.slice(0, 80))"));
        Assert.Equal(360, await page.EvaluateAsync<int>("Math.max(document.documentElement.scrollWidth, document.getElementById('cluster').scrollWidth)"));

        // Its address can be sent to somebody.
        Assert.EndsWith("/#cluster", page.Page.Url, StringComparison.Ordinal);
        await page.Page.ReloadAsync();
        await page.UntilAsync("!document.getElementById('cluster').hidden", "the cluster again");
        await page.PressAsync("t");
        Assert.True(await page.EvaluateAsync<bool>("document.getElementById('cluster').hidden"));
        page.AssertClean();
    }

    [SkippableFact]
    public async Task On_a_node_that_is_in_no_cluster_there_is_nothing_of_it()
    {
        Requires.Chromium();
        var node = RunNode("""router { name = alone, control.http.bind = "127.0.0.1:0", inputs { in { type = stdin, to = out } }, outputs { out { type = null } } }""");
        await using var page = await OpenAsync(await node.NamesPage());

        Assert.False(await page.EvaluateAsync<bool>("document.getElementById('show-cluster').checkVisibility()"));
        await page.PressAsync("c");
        Assert.False(await page.EvaluateAsync<bool>("document.getElementById('graph').hidden"));
        page.AssertClean();
    }

    private async Task<Uri> StartAsync()
    {
        Requires.Chromium();
        foreach (var (node, components) in (IEnumerable<(string, string)>)[("a", FeedByKey), ("b", Takes), ("c", Takes)]) _nodes[node] = Run(node, components, node == "a" ? Page : "");
        await AllAreThere(_nodes["a"], _nodes["b"], _nodes["c"]);
        return await _nodes["a"].NamesPage();
    }

    private Task FeedAsync(int count, int from = 0) => _nodes["a"].WriteAsync(Keyed("a", from, count));

    private async Task<BrowserPage> OpenAsync(Uri address, bool isDark = false)
    {
        var page = await browser.OpenAsync(address, isDark: isDark);
        await page.IsLiveAsync();
        return page;
    }

    private static string Row(string table, string key) => $"document.querySelector('#cluster section[aria-label=\"{table}\"] tr[data-key=\"{key}\"]')";

    private static Task<string> RowAsync(BrowserPage page, string table, string key) => page.EvaluateAsync<string>($"{Row(table, key)}?.innerText ?? ''");

    private static Task<string[]> KeysAsync(BrowserPage page, string table) => page.EvaluateAsync<string[]>($"[...document.querySelectorAll('#cluster section[aria-label=\"{table}\"] tbody tr')].map(row => row.dataset.key)");

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(ClusterPageTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
