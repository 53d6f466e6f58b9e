using System.Buffers.Binary;
using MessageRouter.InteropTests.Clustering;
using PuppeteerSharp;

namespace MessageRouter.InteropTests.Browser;

/// <summary>
/// The pictures of the docs. With <c>MESSAGE_ROUTER_SCREENSHOTS=1</c> they are made anew, of a node that has worked for more than a
/// minute; else the same is done in a few seconds, and looked at.
/// </summary>
[Collection(BrowserFixture.Name)]
public sealed class PagePictures(BrowserFixture browser, ITestOutputHelper output) : ClusterTest(output)
{
    /// <summary>A shop's messages: more of them than the warehouse takes, and a bank that nobody reaches.</summary>
    private const string Shop = """"
        router {
          name = shop
          control.http.bind = "127.0.0.1:0"
          inputs {
            web      { type = stdin, to = parse }
            payments { type = generator, rate = 240, template = """{"level":"info","user":"u%{seq}","text":"payment %{seq}","amount":12}""", mailbox { overflow = wait, capacity = 200 }, to = book }
            devices  { type = generator, rate = 35, template = """{"level":"warning","device":"d%{seq}","text":"battery is low"}""", to = parse }
          }
          filters {
            parse { type = set, fields { source = shop }, to = [enrich, alarms] }
            enrich {
              type = delay                       # a look-up in the customers' database
              delay = 3ms
              instances = 4
              route = hash(user)                 # what one customer does stays in order
              to = [archive, orders]
            }
            alarms { type = key, key = level, match = "error|warning", match-type = regex, to = on-call }
            orders { type = key, key = kind, match = order, to = warehouse }
            book { type = set, fields { booked = true }, mailbox { overflow = wait, capacity = 500 }, to = bank }
          }
          outputs {
            archive { type = file, path = archive.log }
            warehouse { type = zeromq, socket-type = push, connect = "tcp://127.0.0.1:1", mailbox { capacity = 1000, overflow = drop-oldest } }
            on-call { type = file, path = on-call.log }
            bank { type = zeromq, socket-type = push, connect = "tcp://127.0.0.1:1", mailbox { capacity = 500, overflow = wait } }
          }
          errors { type = file, path = errors.log }
        }
        """";

    private static readonly bool AreWanted = Environment.GetEnvironmentVariable("MESSAGE_ROUTER_SCREENSHOTS") == "1";

    private string Folder => AreWanted ? Repository.File("docs/images") : Files.Path;

    [SkippableFact]
    public async Task Are_taken_of_a_node_at_work()
    {
        Requires.Chromium();
        var node = RunNode(Shop);
        var address = await node.NamesPage();
        await using var light = await browser.OpenAsync(address, 1440, 810);
        await using var dark = await browser.OpenAsync(address, 1440, 810, isDark: true);
        await FeedAsync(node, TimeSpan.FromSeconds(AreWanted ? 70 : 3));

        await TakeAsync(light, "page-graph");
        await light.PressAsync("t");
        await TakeAsync(light, "page-table");
        await dark.ClickAsync("[data-name='filters.enrich']");
        await dark.UntilAsync("document.querySelector('.plot-line[d^=M]')", "the plots");
        await FeedAsync(node, TimeSpan.FromSeconds(2));
        await TakeAsync(dark, "page-panel");
    }

    [SkippableFact]
    public async Task Are_taken_of_a_cluster_of_which_a_node_is_away()
    {
        Requires.Chromium();
        var takes = """
            inputs {
                work { type = cluster, stream = jobs, delivery = at-least-once, to = done }
                weather { type = generator, rate = 4, singleton = true, to = done }
              }
              outputs { done { type = null } }
            """;
        var feeder = RunNode(Config("a", FeedByKey).Replace("router {", "router {\n  control.http.bind = \"127.0.0.1:0\"", StringComparison.Ordinal));
        var (b, c) = (Run("b", takes), Run("c", takes));
        await AllAreThere(feeder, b, c);
        await using var light = await browser.OpenAsync(await feeder.NamesPage(), 1440, 810);
        await light.IsLiveAsync();
        await light.ClickAsync("#show-cluster");
        await FeedKeysAsync(feeder, TimeSpan.FromSeconds(AreWanted ? 20 : 2));
        await light.UntilAsync("document.querySelectorAll('#cluster tr[data-state=running]').length === 3", "all nodes");

        b.Send(Signal.Kill);
        await light.UntilAsync("document.querySelector('#cluster tr[data-state=away], #cluster tr[data-state=gone]')", "b to be away");
        await FeedKeysAsync(feeder, TimeSpan.FromSeconds(AreWanted ? 6 : 2));
        await TakeAsync(light, "page-cluster");
        feeder.EndInput();
    }

    private static async Task FeedKeysAsync(RouterProcess node, TimeSpan time)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var tick = 0; tick < time.TotalMilliseconds / 100; tick++)
        {
            await node.WriteAsync(Keyed("a", tick * 50, 50));
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>As many visitors as there are at that time of the day, which is short here.</summary>
    private static async Task FeedAsync(RouterProcess node, TimeSpan time)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var tick = 0; tick < time.TotalMilliseconds / 100; tick++)
        {
            var count = 90 + (int)(50 * Math.Sin(tick / 60.0)) + (tick % 7 * 3);
            await node.WriteAsync(Enumerable.Range(0, count).Select(i => $$"""{"level":"info","kind":"{{(i % 3 == 0 ? "order" : "visit")}}","user":"u{{tick}}{{i}}","text":"GET /products/{{i}}"}"""));
            await timer.WaitForNextTickAsync();
        }
    }

    private async Task TakeAsync(BrowserPage page, string name)
    {
        var picture = await page.Page.ScreenshotDataAsync(new ScreenshotOptions { Type = ScreenshotType.Png });
        Assert.Equal((1440, 810), (BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(20))));
        Assert.True(picture.Length > 30_000, $"{name} shows next to nothing: {picture.Length} bytes.");
        await File.WriteAllBytesAsync(Path.Combine(Folder, $"{name}.png"), picture);
    }
}
