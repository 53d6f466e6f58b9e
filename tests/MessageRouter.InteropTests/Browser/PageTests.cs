using System.Text.Json;

namespace MessageRouter.InteropTests.Browser;

/// <summary>The page of a running node in a real browser: what it shows is so, and whoever uses it can.</summary>
[Collection(BrowserFixture.Name)]
public sealed class PageTests(BrowserFixture browser, ITestOutputHelper output) : InteropTest(output)
{
    private const string Token = "a-token-of-some-length";

    /// <summary>Lines with a level go on; others fail. What goes on is published to nobody.</summary>
    private const string Node = """"
        router {
          name = watched
          control.http.bind = "127.0.0.1:0"
          inputs.lines { type = stdin, to = [check] }
          filters {
            check { type = csharp, code = """return message["level"] == "info" || message["level"] == "error" ? message : throw new MessageRouter.MessageException("no level in it");""", to = [keep, bus] }
            # Two copies of it.
            keep { type = key, key = level, match = error, instances = 2, to = log }
          }
          outputs {
            log { type = file, path = out.log }
            bus { type = zeromq, bind = "tcp://127.0.0.1:*" }
          }
          errors { type = file, path = errors.log }
        }
        """";

    private static readonly HttpClient Http = new();

    [SkippableFact]
    public async Task The_graph_shows_each_component_where_the_node_has_laid_it_out_and_nothing_else_is_asked()
    {
        var (_, address) = await StartAsync();
        await using var page = await OpenAsync(address);

        var graph = JsonDocument.Parse(await Http.GetStringAsync(new Uri(address, "v1/graph"))).RootElement;
        var boxes = await page.JsonAsync("[...document.querySelectorAll('.node')].map(node => ({ name: node.dataset.name, at: node.style.translate }))");
        Assert.Equal(
            graph.GetProperty("nodes").EnumerateArray().Select(node => (node.GetProperty("name").GetString(), (string?)$"{node.GetProperty("x")}px {node.GetProperty("y")}px")),
            boxes.EnumerateArray().Select(box => (box.GetProperty("name").GetString(), box.GetProperty("at").GetString())));
        Assert.Equal(graph.GetProperty("edges").GetArrayLength(), await page.EvaluateAsync<int>("document.querySelectorAll('path.edge').length"));
        Assert.Equal("watched", await page.TextAsync("#node-name"));
        Assert.Equal("watched", await page.Page.GetTitleAsync());
        page.AssertClean();
    }

    [SkippableFact]
    public async Task Its_numbers_are_those_of_the_ledger()
    {
        var (node, address) = await StartAsync();
        await node.WriteAsync(Enumerable.Range(0, 1200).Select(i => i % 3 == 0 ? """{"level":"error"}""" : i % 3 == 1 ? """{"level":"info"}""" : """{"text":"?"}"""));
        await node.Until(async () => (await StatusAsync(address)).GetProperty("components").EnumerateArray().Sum(component => component.GetProperty("queued").GetInt64()) == 0
            && Files.Lines("out.log").Count() == 400, "all to be through");
        await using var page = await OpenAsync(address);
        await page.PressAsync("t");

        var status = await StatusAsync(address);
        var components = status.GetProperty("components").EnumerateArray().ToDictionary(component => component.GetProperty("name").GetString()!);
        Assert.Equal(400, components["filters.check"].GetProperty("failed").GetInt64());
        await page.UntilAsync($"Number(document.getElementById('totals').dataset.at) >= {status.GetProperty("uptime_seconds").GetRawText()}", "a status as new as that one");
        foreach (var (name, component) in components)
        {
            await OpenComponentAsync(page, name);
            foreach (var (title, key) in new[] { ("In", "in"), (name is "errors" || name.StartsWith("outputs.", StringComparison.Ordinal) ? "Delivered" : "Out", "out"), ("Failed", "failed") })
                Assert.Equal(component.GetProperty(key).GetInt64() + (key == "in" ? component.GetProperty("created").GetInt64() : 0), await TotalAsync(page, title));
            foreach (var reason in component.GetProperty("dropped").EnumerateObject()) Assert.Equal(reason.Value.GetInt64(), await TotalAsync(page, $"Dropped: {reason.Name}"));
        }
        Assert.Equal(800, await TotalOfAsync(page, "outputs.bus", "Dropped: no-subscriber"));
        page.AssertClean();
    }

    [SkippableFact]
    public async Task A_drop_is_seen_and_said_within_two_seconds()
    {
        var (node, address) = await StartAsync();
        await using var page = await OpenAsync(address);
        Assert.Equal("", await page.TextAsync("[data-name='outputs.bus'] .node-note"));

        // By the node's clock, whatever else the machine does.
        var before = (await StatusAsync(address)).GetProperty("uptime_seconds").GetDouble();
        await node.WriteAsync("""{"level":"info"}""");
        await page.UntilAsync("document.querySelector('[data-name=\"outputs.bus\"]').dataset.note === 'lost'", "show the drop");

        Assert.InRange(await page.EvaluateAsync<double>("Number(document.getElementById('totals').dataset.at)") - before, 0, 2.2);
        
        // One in ten seconds, or in as many as the node has run.
        Assert.Matches(@"^(0\.\d+|1)/s no-subscriber$", await page.TextAsync("[data-name='outputs.bus'] .node-note"));
        Assert.Equal("outputs.bus drops messages: no-subscriber", await page.TextAsync("#announce"));
        Assert.StartsWith("▼ ", await page.Page.GetTitleAsync(), StringComparison.Ordinal);
        page.AssertClean();
    }

    [SkippableFact]
    public async Task A_click_opens_a_component_with_its_block_errors_copies_and_a_live_tap()
    {
        var (node, address) = await StartAsync();
        await node.WriteAsync("""{"text":"one without a level"}""");
        await using var page = await OpenAsync(address);

        await page.ClickAsync("[data-name='filters.check']");
        Assert.Equal("filters.check", await page.TextAsync("#panel h2"));
        await page.UntilAsync("document.querySelector('#tab-errors .badge')?.innerText === '1'", "the failed message");
        Assert.Contains("no level in it", await page.TextAsync("#panel .warning.lost"), StringComparison.Ordinal);
        await page.ClickAsync("#tab-errors");
        Assert.Contains("one without a level", await page.TextAsync("#page-errors .payload"), StringComparison.Ordinal);
        await page.ClickAsync("#tab-block");
        Assert.StartsWith("check { type = csharp", await page.TextAsync("#page-block .block"), StringComparison.Ordinal);

        await page.ClickAsync("#tab-tap");
        await page.ClickAsync("#page-tap .primary");
        await page.UntilAsync("document.querySelector('#page-tap .primary').innerText === 'Stop'", "tap");
        await node.Until(async () =>
        {
            await node.WriteAsync("""{"text":"seen as it fails"}""");
            return (await page.TextAsync("#page-tap .messages")).Contains("seen as it fails", StringComparison.Ordinal);
        }, "the message in the tap");
        Assert.Contains("no level in it", await page.TextAsync("#page-tap .failed .why"), StringComparison.Ordinal);
        await page.ClickAsync("#page-tap .primary");
        Assert.Equal("Start", await page.TextAsync("#page-tap .primary"));

        await page.PressAsync("Escape");
        await page.ClickAsync("[data-name='filters.keep']");
        await page.ClickAsync("#tab-peers");
        await page.UntilAsync("document.querySelectorAll('#page-peers tbody tr').length === 2", "two copies");
        page.AssertClean();
    }

    [SkippableFact]
    public async Task A_tap_whose_condition_does_not_compile_says_where()
    {
        await using var page = await browser.OpenAsync(await StartWithTokenAsync());
        await GiveTokenAsync(page, Token);
        await page.IsLiveAsync();
        await page.ClickAsync("[data-name='filters.check']");
        await page.ClickAsync("#tab-tap");
        await page.Page.TypeAsync("#page-tap .where input", "message[\"level\"] ==");
        await page.ClickAsync("#page-tap .primary");

        await page.UntilAsync("document.querySelector('#page-tap pre.problem').innerText.includes('^')", "a caret");
        Assert.Equal("Start", await page.TextAsync("#page-tap .primary"));
    }

    [SkippableFact]
    public async Task A_message_is_explained_step_by_step_and_the_node_counts_nothing_of_it()
    {
        var address = await StartWithTokenAsync();
        await using var page = await browser.OpenAsync(address);
        await GiveTokenAsync(page, Token);
        await page.IsLiveAsync();
        await page.ClickAsync("[data-name='inputs.lines']");
        await page.ClickAsync("#tab-explain");
        await page.Page.TypeAsync("#page-explain textarea", """{"level":"info"}""");
        await page.ClickAsync("#page-explain .primary");

        await page.UntilAsync("document.querySelectorAll('#page-explain .step').length === 4", "its four steps");
        var steps = await page.TextAsync("#page-explain .steps");
        Assert.Contains("because `level` is \"info\", not \"error\"", steps, StringComparison.Ordinal);
        Assert.Contains("keep { type = key, key = level, match = error, instances = 2, to = log }", steps, StringComparison.Ordinal);
        Assert.Equal("Ends: filters.keep stops it; outputs.bus gets it as JSON.", await page.TextAsync("#page-explain [role=status]"));
        await page.ClickAsync("#tab-overview");
        Assert.Equal(0, await TotalAsync(page, "In"));

        // Before it had the token.
        Assert.All(page.Complaints, complaint => Assert.Contains("401", complaint, StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task The_table_has_the_same_facts_and_is_sorted_by_any_column()
    {
        var (node, address) = await StartAsync();
        await node.WriteAsync("""{"level":"info"}""", """{"text":"?"}""");
        await using var page = await OpenAsync(address);
        await page.UntilAsync("document.querySelector('[data-name=\"outputs.bus\"]').dataset.note === 'lost'", "show the drop");
        await page.ClickAsync("#show-table");

        Assert.Equal(["inputs.lines", "filters.check", "filters.keep", "outputs.log", "outputs.bus", "errors"], await NamesAsync(page));
        await page.ClickAsync(".table th.column-dropped button");
        Assert.Equal("outputs.bus", (await NamesAsync(page))[0]);
        Assert.Equal("descending", await page.EvaluateAsync<string>("document.querySelector('th.column-dropped').getAttribute('aria-sort')"));
        await page.ClickAsync(".table th.column-name button");
        Assert.Equal("errors", (await NamesAsync(page))[0]);
        await page.ClickAsync("#table tr[data-name='outputs.log'] button");
        Assert.Equal("outputs.log", await page.TextAsync("#panel h2"));
        page.AssertClean();
    }

    [SkippableFact]
    public async Task It_goes_without_a_mouse()
    {
        var (_, address) = await StartAsync();
        await using var page = await OpenAsync(address);

        await page.PressAsync("ArrowRight");
        Assert.Equal("inputs.lines", await FocusAsync(page));
        await page.PressAsync("ArrowRight", "ArrowRight");
        Assert.Contains(await FocusAsync(page), new[] { "filters.keep", "outputs.bus" });
        await page.PressAsync("ArrowLeft", "Enter");
        Assert.Equal("filters.check", await page.TextAsync("#panel h2"));
        await page.PressAsync("Escape");
        Assert.True(await page.EvaluateAsync<bool>("document.getElementById('panel').hidden"));
        Assert.Equal("filters.check", await FocusAsync(page));

        await page.PressAsync("/");
        await page.Page.Keyboard.TypeAsync("zeromq");
        Assert.Equal("1 of 6", await page.TextAsync("#filter-count"));
        Assert.Equal(5, await page.EvaluateAsync<int>("document.querySelectorAll('.node.dim').length"));
        await page.PressAsync("Escape", "Escape", "t");
        Assert.True(await page.EvaluateAsync<bool>("document.getElementById('graph').hidden"));
        await page.PressAsync("g", "?");
        Assert.True(await page.EvaluateAsync<bool>("document.getElementById('help-dialog').open"));
        await page.PressAsync("Escape", "d", "d");
        Assert.Equal("dark", await page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
        page.AssertClean();
    }

    [SkippableFact]
    public async Task A_node_with_a_token_asks_for_it()
    {
        await using var page = await browser.OpenAsync(await StartWithTokenAsync());

        await GiveTokenAsync(page, "another-token-altogether");
        await page.UntilAsync("document.getElementById('token-problem').innerText.startsWith('That is not')", "refuse it");
        await GiveTokenAsync(page, Token);
        await page.IsLiveAsync();

        Assert.Equal(6, await page.EvaluateAsync<int>("document.querySelectorAll('.node').length"));
        Assert.All(page.Complaints, complaint => Assert.Contains("401", complaint, StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task The_link_comes_back_after_a_restart_of_the_node_with_another_configuration()
    {
        var port = Ports.Free();
        var fixedPort = Node.Replace("127.0.0.1:0", $"127.0.0.1:{port}", StringComparison.Ordinal);
        var (node, address) = await StartAsync(fixedPort);
        await using var page = await OpenAsync(address);
        await node.Stops();
        await page.UntilAsync("document.getElementById('link').dataset.state === 'lost'", "see that the node is gone");
        Assert.StartsWith("The link to the node is lost.", await page.TextAsync("#lost"), StringComparison.Ordinal);

        await StartAsync(fixedPort.Replace("outputs {", "outputs {\n another { type = null }", StringComparison.Ordinal).Replace("to = [keep, bus]", "to = [keep, bus, another]", StringComparison.Ordinal));
        await page.UntilAsync("document.querySelector('[data-name=\"outputs.another\"]')", "draw the other node");
        await page.IsLiveAsync();
    }

    /// <summary>Starts a node that is looked at.</summary>
    private async Task<(RouterProcess Node, Uri Address)> StartAsync(string node = Node)
    {
        Requires.Chromium();
        var process = RunNode(node);
        return (process, await process.NamesPage());
    }

    /// <summary>The same, for those who have its token.</summary>
    private async Task<Uri> StartWithTokenAsync()
    {
        Files.Write("token", Token);
        File.SetUnixFileMode(Files["token"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return (await StartAsync(Node.Replace("control.http.bind = \"127.0.0.1:0\"", "control.http { bind = \"127.0.0.1:0\", token-file = token }", StringComparison.Ordinal))).Address;
    }

    private static async Task GiveTokenAsync(BrowserPage page, string token)
    {
        await page.UntilAsync("document.getElementById('token-dialog').open", "ask for the token");
        await page.Page.TypeAsync("#token", token);
        await page.PressAsync("Enter");
    }

    private async Task<BrowserPage> OpenAsync(Uri address)
    {
        var page = await browser.OpenAsync(address);
        await page.IsLiveAsync();
        return page;
    }

    private static async Task<JsonElement> StatusAsync(Uri address) => JsonDocument.Parse(await Http.GetStringAsync(new Uri(address, "v1/status"))).RootElement;

    private static async Task OpenComponentAsync(BrowserPage page, string name)
    {
        await page.EvaluateAsync<object>($"document.querySelector('#table tr[data-name=\"{name}\"] button').click()");
        await page.UntilAsync($"document.querySelector('#panel h2')?.innerText === '{name}'", $"open {name}");
    }

    private static async Task<long> TotalOfAsync(BrowserPage page, string name, string title)
    {
        await OpenComponentAsync(page, name);
        return await TotalAsync(page, title);
    }

    private static async Task<long> TotalAsync(BrowserPage page, string title) => long.Parse(
        await page.EvaluateAsync<string>($"[...document.querySelectorAll('#panel .numbers tbody tr')].find(row => row.querySelector('th').innerText === '{title}').lastElementChild.innerText.replaceAll(',', '')"));

    private static async Task<string[]> NamesAsync(BrowserPage page) => await page.EvaluateAsync<string[]>("[...document.querySelectorAll('#table tbody tr')].map(row => row.dataset.name)");

    private static Task<string> FocusAsync(BrowserPage page) => page.EvaluateAsync<string>("document.activeElement.dataset.name ?? ''");
}
