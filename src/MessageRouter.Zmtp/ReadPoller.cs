using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MessageRouter.Zmtp;

/// <summary>
/// Waits, on one thread, until any of many connections has something to read, and lets those that have read there, one after the other.
/// Where each of a thousand peers sends a message now and then, .NET's own way costs more than all that is done with the message: it tries to
/// read once more than there is something, and brings each connection to a thread of its own.
/// </summary>
/// <remarks>epoll of Linux; elsewhere connections wait as .NET does it.</remarks>
internal sealed unsafe class ReadPoller : IDisposable
{
    private const int MostEvents = 256;

    private const int CloseOnExec = 0x80000;
    private const int AddDescriptor = 1;
    private const int Interrupted = 4;

    private const uint Readable = 0x1, Failed = 0x8, HungUp = 0x10, PeerHasEnded = 0x2000, OncePerChange = 1u << 31;

    /// <summary>The key of the descriptor that ends the thread; connections have higher ones.</summary>
    private const long EndKey = 0;

    // The kernel's structure: events, then a key, without a gap only on x64.
    private static readonly int KeyAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? sizeof(uint) : sizeof(ulong);
    private static readonly int EventSize = KeyAt + sizeof(long);

    private readonly ConcurrentDictionary<long, ReadWaiter> _waiters = new();
    private readonly int _epoll;
    private readonly int _end = -1;
    private long _lastKey = EndKey;
    private int _disposed;

    /// <exception cref="IOException">The system has no descriptor left for it.</exception>
    public ReadPoller()
    {
        _epoll = Checked(EpollCreate(CloseOnExec));
        try
        {
            _end = Checked(EventDescriptor(0, CloseOnExec));
            Add(_end, EndKey, Readable);
            new Thread(Run) { IsBackground = true, Name = "zmtp-read" }.Start();
        }
        catch
        {
            _ = Close(_end);
            _ = Close(_epoll);
            throw;
        }
    }

    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>Watches a connection until the waiter is disposed, which has to be before the connection is.</summary>
    /// <exception cref="IOException">The system watches no more connections.</exception>
    public ReadWaiter Watch(Socket socket)
    {
        var key = Interlocked.Increment(ref _lastKey);
        var waiter = _waiters[key] = new ReadWaiter(() => _waiters.TryRemove(key, out _));
        var taken = false;
        var handle = socket.SafeHandle;
        try
        {
            handle.DangerousAddRef(ref taken);
            Add((int)handle.DangerousGetHandle(), key, Readable | PeerHasEnded | OncePerChange);
        }
        catch
        {
            waiter.Dispose();
            throw;
        }
        finally
        {
            if (taken) handle.DangerousRelease();
        }
        return waiter;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        var one = 1L;
        _ = Write(_end, &one, sizeof(long));
    }

    private void Run()
    {
        var events = stackalloc byte[MostEvents * EventSize];
        while (true)
        {
            var count = EpollWait(_epoll, events, MostEvents, timeout: -1);
            if (count < 0 && Marshal.GetLastPInvokeError() != Interrupted) throw new IOException($"Waiting for connections failed: {Marshal.GetLastPInvokeErrorMessage()}.");
            for (var i = 0; i < count; i++)
            {
                var happened = *(uint*)(events + i * EventSize);
                var key = *(long*)(events + i * EventSize + KeyAt);
                if (key == EndKey)
                {
                    _ = Close(_end);
                    _ = Close(_epoll);
                    return;
                }

                // Of one that has ended meanwhile nobody wants to know.
                if (_waiters.TryGetValue(key, out var waiter)) waiter.Signal((happened & (Failed | HungUp | PeerHasEnded)) != 0);
            }
        }
    }

    private void Add(int descriptor, long key, uint events)
    {
        var wanted = stackalloc byte[EventSize];
        *(uint*)wanted = events;
        *(long*)(wanted + KeyAt) = key;
        Checked(EpollControl(_epoll, AddDescriptor, descriptor, wanted));
    }

    private static int Checked(int result) => result >= 0 ? result : throw new IOException($"The connection cannot be waited for: {Marshal.GetLastPInvokeErrorMessage()}.");

    [DllImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static extern int EpollCreate(int flags);

    [DllImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static extern int EpollControl(int epoll, int operation, int descriptor, byte* wanted);

    [DllImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static extern int EpollWait(int epoll, byte* events, int most, int timeout);

    [DllImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static extern int EventDescriptor(uint value, int flags);

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    private static extern nint Write(int descriptor, void* bytes, nuint count);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
