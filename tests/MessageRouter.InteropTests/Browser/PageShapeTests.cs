using System.Globalization;
using System.Text;

namespace MessageRouter.InteropTests.Browser;

/// <summary>That the page can be used by everybody, on every screen and with a large node.</summary>
[Collection(BrowserFixture.Name)]
public sealed class PageShapeTests(BrowserFixture browser, ITestOutputHelper output) : InteropTest(output)
{
    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_missing_for_who_cannot_see_it_or_not_well(bool isDark)
    {
        await using var page = await OpenAsync(await StartAsync(Busy), 1280, 800, isDark);
        await page.UntilAsync("document.querySelector('.node[data-note=lost]') && document.querySelector('.node[data-note=held]') && !document.getElementById('health').hidden", "something to be lost and held up");
        var check = Resource("accessibility.js");

        Assert.Empty(await page.EvaluateAsync<string[]>(check));
        await page.ClickAsync("[data-name='outputs.stuck']");
        foreach (var tab in new[] { "overview", "peers", "errors", "tap", "explain", "block" })
        {
            await page.ClickAsync($"#tab-{tab}");
            Assert.Empty(await page.EvaluateAsync<string[]>(check));
        }
        await page.PressAsync("Escape", "t");
        Assert.Empty(await page.EvaluateAsync<string[]>(check));
        await page.PressAsync("?");
        Assert.Empty(await page.EvaluateAsync<string[]>(check));
    }

    [SkippableFact]
    public async Task Whatever_has_the_focus_shows_it()
    {
        await using var page = await OpenAsync(await StartAsync(Busy));
        await page.ClickAsync("[data-name='outputs.stuck']");
        await page.EvaluateAsync<object>("document.activeElement.blur()");
        var reached = new HashSet<string>();
        for (var i = 0; i < 30; i++)
        {
            await page.PressAsync("Tab");
            var focus = await page.JsonAsync("(() => { const at = document.activeElement; const style = getComputedStyle(at); return { what: at.id || at.className || at.tagName, shows: at === document.body || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) }; })()");
            Assert.True(focus.GetProperty("shows").GetBoolean(), focus.ToString());
            reached.Add(focus.GetProperty("what").GetString()!);
        }
        Assert.Superset(new HashSet<string> { "health", "show-table", "filter", "theme", "zoom-fit", "tab-overview" }, reached);
    }

    [SkippableFact]
    public async Task On_a_phone_nothing_is_wider_than_the_screen_and_on_a_wall_it_fills_it()
    {
        await using var page = await OpenAsync(await StartAsync(Busy), 360, 740);
        const string widest = "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth, document.getElementById('table').scrollWidth, document.getElementById('panel').scrollWidth)";
        const string beyond = "[...document.querySelectorAll('header *, .tools *, #table *, #panel *')].filter(e => e.checkVisibility() && !e.closest('.hidden, .skip, .scroll, .tabs, svg, .finding') && e.getBoundingClientRect().right > 361).map(e => e.outerHTML.slice(0, 80))";

        Assert.Empty(await page.EvaluateAsync<string[]>(beyond));
        Assert.Equal(360, await page.EvaluateAsync<int>(widest));
        await page.ClickAsync("#show-table");
        Assert.Empty(await page.EvaluateAsync<string[]>(beyond));
        Assert.Equal(360, await page.EvaluateAsync<int>(widest));
        await page.ClickAsync("#table tr[data-name='outputs.stuck'] button");
        Assert.Empty(await page.EvaluateAsync<string[]>(beyond));
        Assert.Equal(360, await page.EvaluateAsync<int>(widest));
        await page.PressAsync("Escape", "g");

        await page.ResizeAsync(3840, 2160);
        await page.PressAsync("0");
        Assert.InRange(await page.EvaluateAsync<double>("(() => { const all = [...document.querySelectorAll('.node')].map(node => node.getBoundingClientRect()); return (Math.max(...all.map(box => box.right)) - Math.min(...all.map(box => box.left))) / innerWidth; })()"), 0.4, 1);
    }

    [SkippableFact]
    public async Task Two_hundred_components_stay_fluent_and_take_no_more_and_more()
    {
        await using var page = await OpenAsync(await StartAsync(Large(200)));
        Assert.Equal(200, await page.EvaluateAsync<int>("document.querySelectorAll('.node').length"));
        await page.PressAsync("t", "g");
        var elements = await page.EvaluateAsync<int>("document.querySelectorAll('*').length");

        // Frames while three statuses come; a page that stuttered would draw a few only.
        var frames = await page.EvaluateAsync<int>("""
            new Promise(resolve => {
              const begin = document.getElementById('totals').dataset.at;
              let frames = 0;
              const frame = () => { frames++; if (Number(document.getElementById('totals').dataset.at) - begin > 3) resolve(frames); else requestAnimationFrame(frame); };
              requestAnimationFrame(frame);
            })
            """);
        Assert.True(frames > 20, $"{frames} frames in three seconds");
        Assert.InRange(await page.EvaluateAsync<int>("document.querySelectorAll('*').length"), elements - 20, elements + 20);
        page.AssertClean();
    }

    [SkippableFact]
    public async Task Hidden_it_reads_nothing()
    {
        await using var page = await OpenAsync(await StartAsync(Busy));
        await page.EvaluateAsync<object>("Object.defineProperty(document, 'hidden', { value: true, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))");
        await page.UntilAsync("document.getElementById('link').dataset.state === 'paused'", "pause");
        await page.EvaluateAsync<object>("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))");
        await page.IsLiveAsync();
        page.AssertClean();
    }

    /// <summary>A node that loses messages in one place and is held up in another.</summary>
    private const string Busy = """
        router {
          name = busy
          control.http.bind = "127.0.0.1:0"
          inputs {
            web { type = generator, rate = 200, to = [mark] }
            orders { type = generator, rate = 200, mailbox { overflow = wait, capacity = 20 }, to = [price] }
          }
          filters {
            mark { type = set, fields { source = web }, to = [bus] }
            price { type = set, fields { price = 1 }, mailbox { overflow = wait, capacity = 20 }, to = [stuck] }
          }
          outputs {
            bus { type = zeromq, bind = "tcp://127.0.0.1:*" }
            stuck { type = zeromq, socket-type = push, connect = "tcp://127.0.0.1:1", mailbox { overflow = wait, capacity = 20 } }
          }
        }
        """;

    private static string Large(int components)
    {
        // With the error chain's output.
        var chains = (components - 1) / 3;
        var text = new StringBuilder("router { name = large, control.http.bind = \"127.0.0.1:0\"\n");
        Section("inputs", chains, i => $"i{i} {{ type = generator, rate = 20, to = f{i} }}");
        Section("filters", chains, i => $"f{i} {{ type = null, to = [o{i}, o{i + 1}] }}");
        Section("outputs", components - 1 - (2 * chains), i => $"o{i} {{ type = null }}");
        return text.Append('}').ToString();

        void Section(string name, int count, Func<int, string> block) =>
            text.Append(CultureInfo.InvariantCulture, $"{name} {{\n{string.Join('\n', Enumerable.Range(0, count).Select(i => block(i)))}\n}}\n");
    }

    private async Task<Uri> StartAsync(string node)
    {
        Requires.Chromium();
        return await RunNode(node).NamesPage();
    }

    private async Task<BrowserPage> OpenAsync(Uri address, int width = 1280, int height = 800, bool isDark = false)
    {
        var page = await browser.OpenAsync(address, width, height, isDark);
        await page.IsLiveAsync();
        return page;
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(PageShapeTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
