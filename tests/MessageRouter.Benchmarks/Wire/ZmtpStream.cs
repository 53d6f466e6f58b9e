using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using MessageRouter.Curve;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Benchmarks.Wire;

/// <summary>
/// A ZMTP 3 connection as bare as can be: it makes the handshake and leaves the bytes to its user. Blocking, for threads
/// that do nothing else.
/// </summary>
internal sealed class ZmtpStream : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _writing = new();

    private IFrameCipher? _cipher;

    private byte[] _sealed = [];

    private ZmtpStream(Socket socket) => Socket = socket;

    public Socket Socket { get; }

    /// <summary>The public key of whom this process connects to, by CURVE; null for a plain connection.</summary>
    public static string? Trusted { get; set; }

    /// <summary>Connects to a peer on this machine, which may not be there yet, or waits for one, and introduces itself.</summary>
    /// <param name="port">Where the peer listens; with an @ before it, where to listen.</param>
    /// <param name="type">PUSH, PULL, PUB or SUB; a SUB subscribes to everything.</param>
    public static ZmtpStream Open(string port, string type) =>
        port is ['@', .. var own] ? Accept(int.Parse(own), type) : Connect(int.Parse(port), type);

    /// <summary>Sends itself a message, so that this process is compiled when another one's start is measured with it.</summary>
    public static void Rehearse()
    {
        var trusted = Trusted;
        Trusted = null;
        var port = Ports.Free();
        var receiver = new Thread(() =>
        {
            using var stream = Accept(port, "PULL");
            new FrameCounter(stream, byte.MaxValue).Read();
        });
        receiver.Start();
        using (var stream = Connect(port, "PUSH")) stream.Write(Frame("{}"u8));
        receiver.Join();
        Trusted = trusted;
    }

    /// <summary>A frame that is a whole message.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> body)
    {
        if (body.Length <= byte.MaxValue) return [0, (byte)body.Length, .. body];
        var header = new byte[9];
        header[0] = 2;
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(1), body.Length);
        return [.. header, .. body];
    }

    /// <summary>Writes whole frames; callable from any thread.</summary>
    public void Write(ReadOnlySpan<byte> frames)
    {
        lock (_writing)
        {
            if (_cipher is not null) frames = Seal(_cipher, frames);
            while (!frames.IsEmpty) frames = frames[Socket.Send(frames)..];
        }
    }

    public void Dispose() => Socket.Dispose();

    private static ZmtpStream Connect(int port, string type)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            // Never asynchronous: after that every read would go over an event loop and the thread pool, which takes four times the processor time.
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                socket.Connect(IPAddress.Loopback, port);
                var stream = new ZmtpStream(socket);
                stream.Introduce(type);
                return stream;
            }
            catch (SocketException) when (TimeProvider.System.GetElapsedTime(began) < Patience)
            {
                // Nobody listens yet, or one ended the connection that has only begun to start.
                socket.Dispose();
                Clock.Rest(Pause);
            }
        }
    }

    private static ZmtpStream Accept(int port, string type)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        var stream = new ZmtpStream(listener.Accept());
        stream.Introduce(type);
        return stream;
    }

    private void Introduce(string type)
    {
        if (Trusted is { } key)
        {
            IntroduceByCurve(type, key);
            return;
        }
        Span<byte> greeting = stackalloc byte[64];
        greeting[0] = 0xFF;
        greeting[9] = 0x7F;
        greeting[10] = 3;
        "NULL"u8.CopyTo(greeting[12..]);
        Write(greeting);
        Read(stackalloc byte[64]);

        byte[] ready = [5, .. "READY"u8, 11, .. "Socket-Type"u8, 0, 0, 0, (byte)type.Length, .. System.Text.Encoding.ASCII.GetBytes(type)];
        Write([4, (byte)ready.Length, .. ready]);
        Span<byte> header = stackalloc byte[2];
        Read(header);
        Read(new byte[header[1]]);
        if (type == "SUB") Write([0, 1, 1]);
    }

    private void IntroduceByCurve(string type, string key)
    {
        using var keys = CurveKeys.Generate();
        var client = CurveSecurity.Client(keys, key).For(accepted: false);
        Write(Greeting.Of(client));
        Read(stackalloc byte[64]);
        _cipher = client.ShakeHandsAsync(new Handshake(this), PeerMetadata.Of(Enum.Parse<PeerSocketType>(type, ignoreCase: true), [])).AsTask().GetAwaiter().GetResult().Cipher;
    }

    /// <summary>Seals frames one by one.</summary>
    private Span<byte> Seal(IFrameCipher cipher, ReadOnlySpan<byte> frames)
    {
        var used = 0;
        while (!frames.IsEmpty)
        {
            var header = (frames[0] & FrameFlags.Long) == 0 ? FrameFlags.ShortestHeader : FrameFlags.LongestHeader;
            var size = header == FrameFlags.ShortestHeader ? frames[1] : (int)BinaryPrimitives.ReadInt64BigEndian(frames[1..]);
            var whole = size + cipher.Overhead;
            if (_sealed.Length < used + FrameFlags.LongestHeader + whole) Array.Resize(ref _sealed, 2 * (used + FrameFlags.LongestHeader + whole));
            used += FrameFlags.WriteHeader(_sealed.AsSpan(used), 0, whole);
            cipher.Seal(0, frames.Slice(header, size), _sealed.AsSpan(used, whole));
            used += whole;
            frames = frames[(header + size)..];
        }
        return _sealed.AsSpan(0, used);
    }

    private void Read(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = Socket.Receive(bytes);
            if (count == 0) throw new SocketException((int)SocketError.ConnectionReset);
            bytes = bytes[count..];
        }
    }

    private sealed class Handshake(ZmtpStream stream) : HandshakeChannel
    {
        public override string PeerName => "";

        public override CancellationToken Ended => CancellationToken.None;

        public override ValueTask SendAsync(byte[] frame)
        {
            stream.Write(frame);
            return ValueTask.CompletedTask;
        }

        public override ValueTask<ReadOnlyMemory<byte>> ReceiveAsync()
        {
            var header = new byte[FrameFlags.LongestHeader];
            stream.Read(header.AsSpan(0, FrameFlags.ShortestHeader));
            int size = header[1];
            if ((header[0] & FrameFlags.Long) != 0)
            {
                stream.Read(header.AsSpan(FrameFlags.ShortestHeader));
                size = (int)BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(1));
            }
            var body = new byte[size];
            stream.Read(body);
            return ValueTask.FromResult<ReadOnlyMemory<byte>>(body);
        }
    }
}
