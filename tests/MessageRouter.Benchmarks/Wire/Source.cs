using System.Globalization;

namespace MessageRouter.Benchmarks.Wire;

/// <summary>
/// A process that sends as fast as it is taken from it, or at a fixed rate, out of a buffer that was written beforehand.
/// Commands come by its standard input: <c>go</c> begins, as often as it has ended, <c>stop</c> ends and has it say how many messages it has sent, <c>count</c> how many by now.
/// </summary>
internal static class Source
{
    private const int BlockSize = 256 << 10;

    /// <summary>Seconds.</summary>
    private const double MostBehind = 0.1;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan SlowBeat = TimeSpan.FromSeconds(1);

    /// <param name="target">Begins a connection; what it returns writes.</param>
    /// <param name="frame">One message as it stands in the stream.</param>
    /// <param name="stampAt">Where in the frame the message begins.</param>
    /// <param name="rate">Messages a second; 0 for as many as are taken.</param>
    public static void Run(Func<Action<ReadOnlySpan<byte>>> target, byte[] frame, int stampAt, int rate)
    {
        var block = Enumerable.Repeat(frame, Math.Max(1, BlockSize / frame.Length)).SelectMany(bytes => bytes).ToArray();
        for (var i = 0; i < block.Length / frame.Length; i++) Payload.Number(block.AsSpan(i * frame.Length + stampAt), i);
        ZmtpStream.Rehearse();
        Console.WriteLine("waiting");
        var write = target();
        Console.WriteLine("ready");
        var going = false;
        long sent = 0;
        Thread? sender = null;
        while (Console.ReadLine() is { } command)
        {
            switch (command)
            {
                case "go":
                    Volatile.Write(ref going, true);
                    sender = new Thread(rate == 0 ? Flood : Pace) { IsBackground = true };
                    sender.Start();
                    break;
                case "count":
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"count {Volatile.Read(ref sent)} {Clock.Microseconds}"));
                    break;
                case "stop":
                    Volatile.Write(ref going, false);
                    sender?.Join();
                    Console.WriteLine($"sent {sent}");
                    break;
            }
        }

        void Flood()
        {
            var messages = block.Length / frame.Length;
            while (Volatile.Read(ref going))
            {
                write(block);
                sent += messages;
            }
        }

        // At every beat what has become due: a source that writes each message by itself takes the processor from those it measures.
        void Pace()
        {
            var (began, paced) = (Clock.Microseconds, 0L);
            while (Volatile.Read(ref going))
            {
                var now = Clock.Microseconds;
                var due = (now - began) * rate / 1_000_000 - paced;

                // It does not make up for having been held up, as it is at first until there is a sink: that would be another rate.
                if (due > Math.Max(1, rate * MostBehind)) (began, paced, due) = (now, 0, 0);
                due = Math.Min(due, block.Length / frame.Length);
                for (var i = 0; i < due; i++) Payload.Stamp(block.AsSpan(i * frame.Length + stampAt), now);
                write(block.AsSpan(0, (int)due * frame.Length));
                paced += due;
                sent += due;
                if (due < block.Length / frame.Length) Clock.Rest(Beat);
            }
        }
    }

    /// <summary>PUSH or PUB sockets that connect to this machine's <paramref name="port"/>, or with an @ before it one that listens there.</summary>
    /// <param name="port">The port.</param>
    /// <param name="type">PUSH or PUB.</param>
    /// <param name="senders">How many there are; each sends one message and then it is the next one's turn.</param>
    /// <param name="frame">Bytes of a message.</param>
    public static Action<ReadOnlySpan<byte>> ToPort(string port, string type, int senders, int frame)
    {
        var streams = Enumerable.Range(0, senders).Select(_ => ZmtpStream.Open(port, type)).ToArray();
        new Thread(() => Listen(streams)) { IsBackground = true }.Start();
        if (senders == 1) return streams[0].Write;
        var turn = 0;
        return bytes =>
        {
            for (; !bytes.IsEmpty; bytes = bytes[frame..])
            {
                streams[turn].Write(bytes[..frame]);
                turn = (turn + 1) % streams.Length;
            }
        };
    }

    /// <summary>Answers what peers ask, which they do every few seconds.</summary>
    private static void Listen(ZmtpStream[] streams)
    {
        var heard = streams.Select(stream => new FrameCounter(stream, 4096)).ToList();
        while (heard.Count == 1)
        {
            if (heard[0].Read() == 0) return;
        }
        while (true)
        {
            heard.RemoveAll(counter => counter.HasCome && counter.Read() == 0);
            Clock.Rest(SlowBeat);
        }
    }
}
