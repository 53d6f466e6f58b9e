using System.Globalization;
using System.Net.Sockets;

namespace MessageRouter.Workers;

/// <summary>
/// Where one process reports that it is alive: it sends <c>WATCHDOG=1</c> to a datagram socket, as services of systemd do
/// (sd_notify(3), sd_watchdog_enabled(3)), so that every language has it. What is sent is read at once, and nobody waits here.
/// </summary>
internal sealed class NotifySocket : IDisposable
{
    public const string PathVariable = "NOTIFY_SOCKET", PeriodVariable = "WATCHDOG_USEC", ProcessVariable = "WATCHDOG_PID";

    private const int LongestDatagram = 4096;

    private readonly string _path;
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private int _signs;

    /// <exception cref="SocketException">There cannot be such a socket, or not at this path.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The path is too long for one.</exception>
    public NotifySocket(string path)
    {
        _path = path;
        try
        {
            _socket.Bind(new UnixDomainSocketEndPoint(path));
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
        _ = ReceiveAsync();
    }

    /// <summary>Tells a process that is to be started where it reports, and within which time.</summary>
    public void Describe(IDictionary<string, string?> environment, TimeSpan limit)
    {
        environment[PathVariable] = _path;
        environment[PeriodVariable] = ((long)limit.TotalMicroseconds).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Takes from an environment what is meant for this process and not for those that it starts.</summary>
    public static void Forget(IDictionary<string, string?> environment)
    {
        foreach (var variable in (string[])[PathVariable, PeriodVariable, ProcessVariable]) environment.Remove(variable);
    }

    /// <summary>Whether there was a sign of life since this was asked last, or may have been: what has come and was not read yet is to the process's favour.</summary>
    public bool TakeSign()
    {
        try
        {
            return Interlocked.Exchange(ref _signs, 0) > 0 || _socket.Available > 0;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        File.Delete(_path);
    }

    private async Task ReceiveAsync()
    {
        var datagram = new byte[LongestDatagram];
        try
        {
            while (true)
            {
                var length = await _socket.ReceiveAsync(datagram);
                if (IsSign(datagram.AsSpan(0, length))) Interlocked.Increment(ref _signs);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Its process has ended.
        }
    }

    /// <remarks>A datagram has variables, one a line.</remarks>
    private static bool IsSign(ReadOnlySpan<byte> datagram)
    {
        foreach (var line in datagram.Split((byte)'\n'))
        {
            if (datagram[line].SequenceEqual("WATCHDOG=1"u8)) return true;
        }
        return false;
    }
}
