namespace MessageRouter.Benchmarks.Route;

/// <summary>Who looks at a node meanwhile.</summary>
internal enum Look
{
    /// <summary>Nobody can.</summary>
    Off,

    /// <summary>A scrape of the metrics each second, and <c>top</c> on a terminal.</summary>
    Watched,

    /// <summary>One <c>tap</c> of every component.</summary>
    Tapped,
}

/// <summary>Those who look at a node, while they are not disposed of.</summary>
internal sealed class Watchers : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly Running? _process;
    private readonly Task _scraping = Task.CompletedTask;
    private int _scrapes;

    public Watchers(MessageRouterContestant router, Look look, int port)
    {
        var address = $"http://127.0.0.1:{port}";
        if (look == Look.Tapped) _process = Start([.. router.Program, "tap", "*", "--control", address]);
        if (look != Look.Watched) return;

        // script(1) gives it a terminal.
        _process = Start(["script", "--quiet", "--return", "--command", $"stty rows 40 columns 120; exec {string.Join(' ', router.Program)} top --control {address}", "/dev/null"]);
        _scraping = ScrapeAsync(new Uri(address + "/metrics"));
    }

    /// <summary>That there was something to be measured.</summary>
    public void Check()
    {
        if (_process is { HasExited: true }) throw new InvalidOperationException($"Who watched has ended: {_process.Said}");
        if (_scraping.IsFaulted) throw new InvalidOperationException("The metrics could not be scraped.", _scraping.Exception);
        if (!_scraping.IsCompleted && _scrapes == 0) throw new InvalidOperationException("Nothing was scraped.");
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _scraping.ContinueWith(_ => { }, TaskScheduler.Default);
        if (_process is not null) await _process.DisposeAsync();
        _end.Dispose();
    }

    /// <summary>Nobody reads what it prints.</summary>
    private static Running Start(string[] command) => Running.Start(["sh", "-c", "exec \"$@\" > /dev/null", "sh", .. command]);

    private async Task ScrapeAsync(Uri metrics)
    {
        using var client = new HttpClient();
        using var timer = new PeriodicTimer(Interval);
        do
        {
            await client.GetByteArrayAsync(metrics, _end.Token);
            _scrapes++;
        }
        while (await timer.WaitForNextTickAsync(_end.Token));
    }
}
