using System.Text.Json;
using PuppeteerSharp;

namespace MessageRouter.InteropTests.Browser;

/// <summary>The page as somebody has it open, and what it has complained of or asked of others.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];
    private readonly List<string> _strangers = [];

    private BrowserPage(IBrowserContext context, IPage page, Uri address)
    {
        _context = context;
        Page = page;
        page.DefaultTimeout = (int)Peer.Patience.TotalMilliseconds;
        page.Console += (_, message) =>
        {
            if (message.Message.Type is ConsoleType.Error or ConsoleType.Warning) lock (_complaints) _complaints.Add(message.Message.Text);
        };
        page.PageError += (_, error) =>
        {
            lock (_complaints) _complaints.Add(error.Message);
        };
        page.Request += (_, request) =>
        {
            if (!request.Request.Url.StartsWith(address.AbsoluteUri, StringComparison.Ordinal) && !request.Request.Url.StartsWith("data:", StringComparison.Ordinal)) lock (_strangers) _strangers.Add(request.Request.Url);
        };
    }

    public IPage Page { get; }

    /// <summary>What the console says of the page that is wrong.</summary>
    public IReadOnlyList<string> Complaints
    {
        get
        {
            lock (_complaints) return [.. _complaints];
        }
    }

    public static async Task<BrowserPage> OpenAsync(IBrowserContext context, IPage page, Uri address, int width, int height, bool isDark)
    {
        var opened = new BrowserPage(context, page, address);
        await opened.ResizeAsync(width, height);
        await page.EmulateMediaFeaturesAsync([new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = isDark ? "dark" : "light" }]);
        await page.GoToAsync(address.AbsoluteUri);
        return opened;
    }

    public Task ResizeAsync(int width, int height) => Page.SetViewportAsync(new ViewPortOptions { Width = width, Height = height });

    /// <summary>Waits until an expression is true in the page.</summary>
    public async Task UntilAsync(string expression, string what)
    {
        try
        {
            await Page.WaitForExpressionAsync(expression, new WaitForFunctionOptions { Timeout = (int)Peer.Patience.TotalMilliseconds, PollingInterval = 25 });
        }
        catch (WaitTaskTimeoutException)
        {
            Assert.Fail($"The page has not come to {what}. It says:\n{await TextAsync("body")}\n{string.Join('\n', Complaints)}");
        }
    }

    /// <summary>Waits until the page has shown a status.</summary>
    public Task IsLiveAsync() => UntilAsync("document.getElementById('link').dataset.state === 'live' && document.querySelector('.node[data-state]')", "its first status");

    public Task<T> EvaluateAsync<T>(string expression) => Page.EvaluateExpressionAsync<T>(expression);

    /// <summary>What an expression is in the page, as JSON.</summary>
    public async Task<JsonElement> JsonAsync(string expression) => JsonDocument.Parse(await EvaluateAsync<string>($"JSON.stringify({expression})")).RootElement;

    public Task<string> TextAsync(string selector) => EvaluateAsync<string>($"document.querySelector({JsonSerializer.Serialize(selector)})?.innerText ?? ''");

    /// <summary>Clicks what a selector finds, as the mouse does.</summary>
    public Task ClickAsync(string selector) => Page.ClickAsync(selector);

    public async Task PressAsync(params string[] keys)
    {
        foreach (var key in keys) await Page.Keyboard.PressAsync(key);
    }

    /// <summary>That nothing was wrong with it, and that it asked nobody but its node.</summary>
    public void AssertClean()
    {
        Assert.Empty(Complaints);
        lock (_strangers) Assert.Empty(_strangers);
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
