using System.Net.Sockets;
using System.Text;
using MessageRouter.Tests.Support;
using MessageRouter.Workers;

namespace MessageRouter.Tests.Workers;

public sealed class NotifySocketTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly NotifySocket _socket;

    public NotifySocketTests() => _socket = new NotifySocket(_folder["socket"]);

    public void Dispose()
    {
        _socket.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("WATCHDOG=1")]
    [InlineData("WATCHDOG=1\n")]
    [InlineData("STATUS=at work\nWATCHDOG=1\nX_MINE=1")]
    public async Task Takes_a_sign_of_life(string datagram)
    {
        Send(datagram);

        await Eventually.IsTrueAsync(_socket.TakeSign);
        await Eventually.IsTrueAsync(() => !_socket.TakeSign());
    }

    [Theory]
    [InlineData("")]
    [InlineData("READY=1")]
    [InlineData("WATCHDOG=10")]
    [InlineData("X_WATCHDOG=1")]
    public async Task Takes_nothing_else_for_one(string datagram)
    {
        Send(datagram);
        await Eventually.IsTrueAsync(() => !_socket.TakeSign());

        Send("WATCHDOG=1");

        await Eventually.IsTrueAsync(_socket.TakeSign);
    }

    [Fact]
    public async Task Never_has_anybody_wait_who_sends_more_than_it_needs()
    {
        for (var i = 0; i < 5000; i++) Send("WATCHDOG=1");

        await Eventually.IsTrueAsync(_socket.TakeSign);
    }

    [Fact]
    public void Leaves_no_file_behind()
    {
        _socket.Dispose();

        Assert.False(File.Exists(_folder["socket"]));
        Assert.True(_socket.TakeSign());
    }

    [Fact]
    public void Tells_a_process_where_and_how_often_and_takes_from_it_what_is_not_its_own()
    {
        var environment = new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = "/run/systemd/notify", ["WATCHDOG_USEC"] = "1", ["WATCHDOG_PID"] = "1", ["PATH"] = "/bin" };

        NotifySocket.Forget(environment);
        Assert.Equal(["PATH"], environment.Keys);

        _socket.Describe(environment, TimeSpan.FromSeconds(1.5));
        Assert.Equal((_folder["socket"], "1500000"), (environment["NOTIFY_SOCKET"], environment["WATCHDOG_USEC"]));
    }

    [Fact]
    public void A_folder_has_a_socket_for_each_process_and_goes_with_them()
    {
        string? made = null;
        var group = WorkerNode.Group();
        using (var folder = new NotifyFolder { Made = path => made = path })
        {
            using var first = folder.Open(group);
            using var second = folder.Open(group);
            Assert.Equal(2, Directory.GetFileSystemEntries(made!).Length);
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(made!));
        }
        Assert.False(Directory.Exists(made));
    }

    private void Send(string datagram)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.SendTo(Encoding.UTF8.GetBytes(datagram), new UnixDomainSocketEndPoint(_folder["socket"]));
    }
}
