using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MessageRouter.Benchmarks.Wire;

/// <summary>
/// A process that connects, greets and hangs up at a fixed rate, from many addresses, as a stranger does who wants a port to have no time for others; and one that takes such connections and does
/// nothing with them, which is what the machine needs for the attempts by themselves. <c>count</c> on the standard input has either say how many there were.
/// </summary>
internal static class Attempts
{
    private const int Addresses = 250;
    private const int Threads = 8;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(1);

    /// <summary>ZMTP 3.1, NULL.</summary>
    private static readonly byte[] Greeting = [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3, 1, .. "NULL"u8, .. new byte[48]];

    /// <param name="port">The port of this machine that they want.</param>
    /// <param name="rate">Attempts a second.</param>
    public static void Run(int port, int rate)
    {
        var (done, began) = (0L, Clock.Microseconds);
        var target = new IPEndPoint(IPAddress.Loopback, port);
        for (var i = 0; i < Threads; i++) new Thread(Attempt) { IsBackground = true }.Start();
        Answer(() => Interlocked.Read(ref done));

        void Attempt()
        {
            while (true)
            {
                if (Interlocked.Read(ref done) >= (Clock.Microseconds - began) * rate / 1_000_000)
                {
                    Clock.Rest(Beat);
                    continue;
                }
                var number = Interlocked.Increment(ref done);
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
                try
                {
                    socket.Bind(new IPEndPoint(new IPAddress([127, 0, 1, (byte)(1 + number % Addresses)]), 0));

                    // Who is not answered at once is not waited for: a port that takes fewer has the others pile up in the kernel.
                    using var connecting = new SocketAsyncEventArgs { RemoteEndPoint = target };
                    if (!socket.ConnectAsync(connecting) && connecting.SocketError == SocketError.Success) socket.Send(Greeting);
                }
                catch (SocketException)
                {
                    // Refused, or cut off: that is what comes of it.
                }
            }
        }
    }

    /// <param name="port">Where it listens.</param>
    public static void Take(int port)
    {
        var taken = 0L;
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(1024);
        new Thread(() =>
        {
            for (; ; Interlocked.Increment(ref taken)) listener.Accept().Dispose();
        })
        { IsBackground = true }.Start();
        Answer(() => Interlocked.Read(ref taken));
    }

    private static void Answer(Func<long> count)
    {
        Console.WriteLine("ready");
        while (Console.ReadLine() is not null) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"count {count()} {Clock.Microseconds}"));
    }
}
