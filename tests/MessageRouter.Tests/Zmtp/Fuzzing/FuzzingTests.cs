using System.Globalization;
using MessageRouter.Curve;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;
using Xunit.Abstractions;

namespace MessageRouter.Tests.Zmtp.Fuzzing;

/// <summary>
/// What peers send that mean harm, in great numbers: <c>MESSAGE_ROUTER_FUZZ_RUNS</c> says how many inputs, <c>MESSAGE_ROUTER_FUZZ_SEED</c> which. The engine may refuse the peer and nothing else; what it takes is what a
/// plain reading of the protocol takes, however the bytes come; and it keeps no more memory than came.
/// </summary>
public class FuzzingTests(ITestOutputHelper output)
{
    internal static readonly int Runs = int.Parse(Environment.GetEnvironmentVariable("MESSAGE_ROUTER_FUZZ_RUNS") ?? "60000", CultureInfo.InvariantCulture);

    internal static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("MESSAGE_ROUTER_FUZZ_SEED") ?? "1", CultureInfo.InvariantCulture);

    /// <summary>Bytes that a reading takes beside what it has come to: buffers, chunks, what the test itself writes down.</summary>
    private const long Working = 300 << 10;

    private static readonly PeerSocketType[] Sockets = [PeerSocketType.Pull, PeerSocketType.Sub, PeerSocketType.Pub, PeerSocketType.Push];

    [Fact]
    public void A_plain_peer_gets_what_the_protocol_gives_it_and_costs_no_more()
    {
        var random = new Random(Seed);
        var mutator = new Mutator(random);
        var (taken, refused) = (0, 0);
        for (var run = 0; run < Runs; run++)
        {
            var socket = Sockets[random.Next(Sockets.Length)];
            var input = mutator.Next(Conversations(socket));
            var before = GC.GetAllocatedBytesForCurrentThread();
            var verdict = Try(socket, input, int.MaxValue, null);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Working + 40L * input.Length);

            var expected = PlainReference.Read(socket, input);
            if (verdict.Taken != expected.Taken || verdict.Refusal is not null != expected.IsRefused) Fail(socket, input, $"{verdict}, the protocol's text: {expected}");
            var pieces = Try(socket, input, random.Next(1, 40), null);
            if (verdict != pieces) Fail(socket, input, $"at once {verdict}, in pieces {pieces}");
            if (verdict.Taken.Length > 6) taken++;
            if (verdict.Refusal is not null) refused++;
        }
        output.WriteLine($"{Runs} inputs from seed {Seed}: of {taken} something was taken behind READY, {refused} were refused.");
        Assert.True(taken > Runs / 20 && refused > Runs / 20, "The inputs do not come far enough, or are too good, to find anything.");
    }

    /// <summary>Peers who have a key, and seal what they like; and somebody on the way, who has none.</summary>
    [Fact]
    public void A_peer_that_seals_gets_as_far_as_one_that_does_not()
    {
        var random = new Random(Seed);
        var mutator = new Mutator(random);
        var (taken, refused, forged) = (0, 0, 0);
        for (var run = 0; run < Runs / 4; run++)
        {
            var socket = Sockets[random.Next(3)];
            var plain = mutator.Next([.. Conversations(socket).Select(conversation => conversation[Greeting.Length..])]);
            var (stream, isWhole) = Sealed(plain, random);
            var byKey = Try(socket, stream, random.Next(1, 3000), Cipher(isServer: true));
            var expected = Try(socket, [.. RawPeer.Greeting, .. RawPeer.Ready(TypeFor(socket)), .. plain], int.MaxValue, null);
            if (isWhole && ("ready;" + byKey.Taken != expected.Taken || byKey.Refusal is not null != expected.Refusal is not null)) Fail(socket, plain, $"sealed {byKey}, plain {expected}");
            if (byKey.Taken.Length > 0) taken++;
            if (byKey.Refusal is not null) refused++;

            // Nothing behind the first change is taken, and nothing else than what was sealed.
            var changed = mutator.Next([stream]);
            var byForger = Try(socket, changed, int.MaxValue, Cipher(isServer: true));
            if (!byKey.Taken.StartsWith(byForger.Taken, StringComparison.Ordinal)) Fail(socket, changed, $"forged {byForger}\nsealed {byKey}");
            if (byForger.Refusal is not null && byKey.Refusal is null) forged++;
        }
        output.WriteLine($"{Runs / 4} inputs from seed {Seed}: of {taken} something was taken, {refused} were refused, {forged} only for what was changed behind the seal.");
        Assert.True(taken > Runs / 100 && refused > Runs / 100 && forged > Runs / 100, "The inputs do not come far enough, or are too good, to find anything.");
    }

    private static Verdict Try(PeerSocketType socket, byte[] input, int piece, IFrameCipher? cipher)
    {
        try
        {
            return Verdict.Of(socket, input, piece, cipher);
        }
        catch (Exception exception)
        {
            Fail(socket, input, exception.ToString());
            throw;
        }
    }

    private static void Fail(PeerSocketType socket, byte[] input, string what) => Assert.Fail($"{socket}, {input.Length} bytes: {Convert.ToHexString(input)}\n{what}");

    private static CurveCipher Cipher(bool isServer) => new([.. Enumerable.Range(1, 32).Select(i => (byte)i)], isServer, 0, 0);

    /// <returns>Frames of a stream, sealed one by one; and whether those were all of it.</returns>
    private static (byte[] Stream, bool IsWhole) Sealed(byte[] plain, Random random)
    {
        using var cipher = Cipher(isServer: false);
        var stream = new List<byte>();
        for (var at = 0; at < plain.Length;)
        {
            var header = (plain[at] & FrameFlags.Long) == 0 ? FrameFlags.ShortestHeader : FrameFlags.LongestHeader;
            if (at + header > plain.Length) return ([.. stream], false);
            var size = header == FrameFlags.ShortestHeader ? plain[at + 1] : System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(plain.AsSpan(at + 1));
            if (size > (ulong)(plain.Length - at - header) || (plain[at] & ~7) != 0 || (plain[at] & 5) == 5) return ([.. stream], false);
            var flags = (byte)((plain[at] & FrameFlags.More) | ((plain[at] & FrameFlags.Command) != 0 ? FrameFlags.Sealed.Command : 0));
            var isOdd = random.Next(2000) == 0;
            var body = new byte[(int)size + cipher.Overhead];
            cipher.Seal(isOdd ? (byte)random.Next(256) : flags, plain.AsSpan(at + header, (int)size), body);
            stream.AddRange(RawPeer.Frame(body));
            if (isOdd) return ([.. stream], false);
            at += header + (int)size;
        }
        return ([.. stream], true);
    }

    private static string TypeFor(PeerSocketType socket) => socket switch { PeerSocketType.Pull => "PUSH", PeerSocketType.Push => "PULL", PeerSocketType.Pub => "SUB", _ => "PUB" };

    /// <summary>What honest peers say.</summary>
    private static byte[][] Conversations(PeerSocketType socket)
    {
        byte[] start = [.. RawPeer.Greeting, .. RawPeer.Ready(TypeFor(socket))];
        byte[] ping = RawPeer.Command("PING", [0, 9, 1, 2, 3]);
        byte[] pong = RawPeer.Command("PONG", [1]);
        if (socket == PeerSocketType.Push) return [start, [.. start, .. ping, .. pong]];
        if (socket == PeerSocketType.Pub)
            return [[.. start, .. RawPeer.Frame([1, 65, 66]), .. RawPeer.Frame([0, 65, 66]), .. ping], [.. start, .. RawPeer.Command("SUBSCRIBE", [65]), .. pong, .. RawPeer.Command("CANCEL", [65])]];
        return
        [
            [.. start, .. RawPeer.Frame([]), .. RawPeer.Frame([7]), .. ping, .. RawPeer.Frame(new byte[200]), .. RawPeer.Frame(new byte[300])],
            [.. start, .. RawPeer.Frame([1], more: true), .. RawPeer.Frame(new byte[400], more: true), .. pong, .. RawPeer.Frame([2]), .. RawPeer.Frame([3])],
            [.. start, .. Enumerable.Range(0, 30).SelectMany(i => RawPeer.Frame([(byte)i]))],
            [.. start, .. RawPeer.LongHeader(5), 1, 2, 3, 4, 5, .. RawPeer.Frame(new byte[999]), .. RawPeer.Command("UNKNOWN", [1, 2])],
        ];
    }
}
