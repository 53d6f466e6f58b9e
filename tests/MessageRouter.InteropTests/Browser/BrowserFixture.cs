using PuppeteerSharp;

namespace MessageRouter.InteropTests.Browser;

/// <summary>One headless Chromium for all tests of the page, with an empty profile. It asks nobody but the node.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    public const string Name = "browser";

    public const string Executable = "/usr/bin/chromium";

    private readonly TemporaryDirectory _profile = new();
    private readonly Lazy<Task<IBrowser>> _browser;

    public BrowserFixture() => _browser = new Lazy<Task<IBrowser>>(() => Puppeteer.LaunchAsync(new LaunchOptions
    {
        ExecutablePath = Executable,
        Headless = true,
        UserDataDir = _profile.Path,
        Args =
        [
            "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
        ],
    }));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_browser.IsValueCreated) await (await _browser.Value).DisposeAsync();
        _profile.Dispose();
    }

    /// <summary>Opens a page that knows nothing of others.</summary>
    internal async Task<BrowserPage> OpenAsync(Uri address, int width = 1280, int height = 800, bool isDark = false)
    {
        var context = await (await _browser.Value).CreateBrowserContextAsync();
        var page = await context.NewPageAsync();
        return await BrowserPage.OpenAsync(context, page, address, width, height, isDark);
    }
}

[CollectionDefinition(BrowserFixture.Name)]
public sealed class BrowserTests : ICollectionFixture<BrowserFixture>;
