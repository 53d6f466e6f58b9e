using System.Buffers.Binary;
using MessageRouter.Zmtp;

namespace MessageRouter.Tests.Zmtp.Fuzzing;

/// <summary>
/// Makes inputs of others: what a peer sends, a little wrong. It knows frames, so that what is wrong is often deep within what is right: in a size, a flag, a name, an order. Beyond that it takes whatever
/// breaks parsers: single bits, the largest and smallest numbers, bytes left out and bytes twice.
/// </summary>
internal sealed class Mutator(Random random)
{
    private static readonly string[] Names = ["READY", "ERROR", "PING", "PONG", "SUBSCRIBE", "CANCEL", "HELLO", "WELCOME", "INITIATE", "MESSAGE", "X"];

    private static readonly byte[] Telling = [0, 1, 2, 3, 4, 5, 6, 7, 8, 0x7F, 0x80, 0xFE, 0xFF];

    private static readonly ulong[] Sizes = [0, 1, 32, 33, 34, 254, 255, 256, 999, 1000, 1001, 1024, 4095, 4096, 4097, 65_535, 65_536, int.MaxValue, 1UL + int.MaxValue, uint.MaxValue, long.MaxValue, 1UL << 63, ulong.MaxValue];

    /// <summary>One of many inputs, changed in one to four places; now and then left as it is.</summary>
    public byte[] Next(IReadOnlyList<byte[]> seeds)
    {
        var input = seeds[random.Next(seeds.Count)].ToList();
        for (var changes = random.Next(5); changes > 0; changes--)
        {
            switch (random.Next(11))
            {
                case 0 when input.Count > 0:
                    input[random.Next(input.Count)] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when input.Count > 0:
                    input[random.Next(input.Count)] = Telling[random.Next(Telling.Length)];
                    break;
                case 2 when input.Count > 0:
                    input[random.Next(input.Count)] = (byte)random.Next(256);
                    break;
                case 3 when input.Count > 0:
                    var cut = random.Next(input.Count);
                    input.RemoveRange(cut, Math.Min(random.Next(1, 20), input.Count - cut));
                    break;
                case 4:
                    input.InsertRange(random.Next(input.Count + 1), Bytes(random.Next(1, 20)));
                    break;
                case 5 when input.Count > 0:
                    var from = random.Next(input.Count);
                    input.InsertRange(random.Next(input.Count + 1), input.GetRange(from, Math.Min(random.Next(1, 300), input.Count - from)));
                    break;
                case 6 when input.Count > 0:
                    input = [.. input[..random.Next(input.Count)]];
                    break;
                case 7:
                    var other = seeds[random.Next(seeds.Count)];
                    input = [.. input[..random.Next(input.Count + 1)], .. other[random.Next(other.Length)..]];
                    break;
                case 8:
                    ChangeFrame(input);
                    break;
                case 9:
                    MoveFrame(input);
                    break;
                default:
                    input.InsertRange(RandomStart(input), Frame());
                    break;
            }
        }
        return [.. input];
    }

    /// <summary>A frame of any kind: whole or announced only, a message or a command that is known or not.</summary>
    private byte[] Frame()
    {
        var body = random.Next(4) switch
        {
            0 => Bytes(random.Next(0, 300)),
            1 => Named(Names[random.Next(Names.Length)], Bytes(random.Next(0, 40))),
            _ => Bytes(random.Next(0, 4)),
        };
        byte[] frame = body.Length <= 255 && random.Next(4) > 0 ? [0, (byte)body.Length, .. body] : [FrameFlags.Long, 0, 0, 0, 0, 0, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body];
        frame[0] |= (byte)(random.Next(3) == 0 ? random.Next(8) & ~FrameFlags.Long : random.Next(2) * FrameFlags.Command);
        return frame;
    }

    /// <summary>Changes the size or the flags of some frame.</summary>
    private void ChangeFrame(List<byte> input)
    {
        var at = RandomStart(input);
        if (at + 2 > input.Count) return;
        if (random.Next(2) == 0)
        {
            input[at] = (byte)random.Next(random.Next(4) == 0 ? 256 : 8);
            return;
        }
        var size = Sizes[random.Next(Sizes.Length)];
        if ((input[at] & FrameFlags.Long) == 0)
        {
            input[at + 1] = (byte)size;
            return;
        }
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, size);
        for (var i = 0; i < 8 && at + 1 + i < input.Count; i++) input[at + 1 + i] = bytes[i];
    }

    /// <summary>Puts a frame where another one was, or leaves it out, or says it twice.</summary>
    private void MoveFrame(List<byte> input)
    {
        var starts = Starts(input);
        if (starts.Count < 2) return;
        var which = random.Next(starts.Count - 1);
        var frame = input.GetRange(starts[which], starts[which + 1] - starts[which]);
        if (random.Next(3) > 0) input.RemoveRange(starts[which], frame.Count);
        if (random.Next(3) > 0) input.InsertRange(RandomStart(input), frame);
    }

    private int RandomStart(List<byte> input)
    {
        var starts = Starts(input);
        return starts[random.Next(starts.Count)];
    }

    /// <summary>Where frames begin, after a greeting if there is one.</summary>
    private static List<int> Starts(List<byte> input)
    {
        var starts = new List<int>();
        for (var at = input.Count >= Greeting.Length && input[0] == 0xFF ? Greeting.Length : 0; at <= input.Count;)
        {
            starts.Add(at);
            if (at + 2 > input.Count) break;
            var size = (ulong)input[at + 1];
            var header = 2;
            if ((input[at] & FrameFlags.Long) != 0)
            {
                if (at + 9 > input.Count) break;
                header = 9;
                size = BinaryPrimitives.ReadUInt64BigEndian(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(input)[(at + 1)..]);
            }
            if (size > (ulong)(input.Count - at - header)) break;
            at += header + (int)size;
        }
        return starts;
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Named(string name, byte[] body) => [(byte)name.Length, .. System.Text.Encoding.ASCII.GetBytes(name), .. body];
}
