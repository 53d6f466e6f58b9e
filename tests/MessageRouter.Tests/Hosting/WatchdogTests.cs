using System.Net.Sockets;
using Akka.Actor;
using MessageRouter.Hosting;
using MessageRouter.TestKit;
using MessageRouter.Testing.Time;
using MessageRouter.Tests.Support;
using MessageRouter.Workers;

namespace MessageRouter.Tests.Hosting;

public sealed class WatchdogTests : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();
    private readonly RecordingLog _log = new();
    private readonly Dictionary<string, string?> _environment = [];
    private readonly ActorSystem _system = ActorSystem.Create("test", NodeUnderTest.ActorSystemConfig);
    private readonly VirtualTime _clock;
    private readonly Watchdog _watchdog;

    public WatchdogTests()
    {
        _clock = VirtualScheduler.ClockOf(_system);
        _watchdog = new Watchdog(_system, _clock, _log.CreateLogger("router"), _environment.GetValueOrDefault);
    }

    public async ValueTask DisposeAsync()
    {
        await _watchdog.StopAsync(CancellationToken.None);
        _watchdog.Dispose();
        await _system.Terminate();
        _folder.Dispose();
    }

    [Fact]
    public async Task Gives_signs_of_life_in_time_as_long_as_the_node_runs()
    {
        using var socket = Listener();
        await StartAsync();

        for (var i = 0; i < 5; i++)
        {
            await Eventually.IsTrueAsync(socket.TakeSign);
            await NextAsync();
        }
    }

    [Fact]
    public async Task Gives_none_while_the_actor_system_does_not_answer()
    {
        using var socket = Bound(_folder["socket"], _folder["socket"]);
        await StartAsync();
        await SignAsync(socket);
        using var release = new ManualResetEventSlim();
        var router = _system.ActorOf(Props.Create(() => new Sleeper()), "router");
        router.Tell(release);

        await NextAsync();
        Assert.Equal(0, socket.Available);

        release.Set();
        await SignAsync(socket);
    }

    [Fact]
    public async Task Gives_signs_to_a_name_that_is_no_files()
    {
        if (!OperatingSystem.IsLinux()) return;
        var name = $"message-router-test-{Guid.NewGuid():N}";
        using var socket = Bound("\0" + name, "@" + name);
        await StartAsync();

        await SignAsync(socket);
    }

    [Theory]
    [InlineData("NOTIFY_SOCKET", null)]
    [InlineData("NOTIFY_SOCKET", "vsock:2:1234")]
    [InlineData("WATCHDOG_USEC", null)]
    [InlineData("WATCHDOG_USEC", "0")]
    [InlineData("WATCHDOG_USEC", "often")]
    [InlineData("WATCHDOG_PID", "1")]
    public async Task Gives_none_where_nobody_asks_this_process_for_them(string variable, string? value)
    {
        using var socket = Listener();
        _environment[variable] = value;
        await StartAsync();

        Assert.Equal(0, _clock.RunningTimers);
        Assert.False(socket.TakeSign());
    }

    [Fact]
    public async Task Says_once_that_nobody_is_there_to_be_told()
    {
        Listener().Dispose();
        await StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await NextAsync();
        }

        Assert.StartsWith("Whoever has started this node cannot be told that it is alive: ", Assert.Single(_log.Lines).Text, StringComparison.Ordinal);
    }

    private NotifySocket Listener()
    {
        var socket = new NotifySocket(_folder["socket"]);
        socket.Describe(_environment, Period);
        return socket;
    }

    /// <summary>A socket that shows each sign once; <see cref="NotifySocket"/> may show one twice.</summary>
    private Socket Bound(string address, string name)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(address));
        _environment["NOTIFY_SOCKET"] = name;
        _environment["WATCHDOG_USEC"] = Period.TotalMicroseconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return socket;
    }

    private static async Task SignAsync(Socket socket) =>
        Assert.Equal("WATCHDOG=1".Length, await socket.ReceiveAsync(new byte[100]).WaitAsync(TestNode.Patience));

    private Task StartAsync() => _watchdog.StartAsync(CancellationToken.None);

    /// <summary>Moves the time on to the next sign, when the last one is given.</summary>
    private async Task NextAsync()
    {
        await Eventually.IsTrueAsync(() => _clock.RunningTimers == 1);
        _clock.Advance(Period / 3);
    }

    private sealed class Sleeper : ReceiveActor
    {
        public Sleeper() => Receive<ManualResetEventSlim>(release => release.Wait(TestNode.Patience));
    }
}
