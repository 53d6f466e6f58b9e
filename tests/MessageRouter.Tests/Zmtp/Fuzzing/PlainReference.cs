using System.Buffers.Binary;
using System.Text;
using MessageRouter.Zmtp;

namespace MessageRouter.Tests.Zmtp.Fuzzing;

/// <summary>ZMTP as its text has it, read slowly and in one piece by somebody who has not seen the engine: what it takes, and whether it refuses.</summary>
internal static class PlainReference
{
    public static (string Taken, bool IsRefused) Read(PeerSocketType socket, byte[] input)
    {
        var taken = new StringBuilder();
        var refused = !TryRead(socket, input, taken);
        return (taken.ToString(), refused);
    }

    private static bool TryRead(PeerSocketType socket, ReadOnlySpan<byte> input, StringBuilder taken)
    {
        // The greeting: signature, version, mechanism. Whoever is wrong is refused at the first byte that says so.
        if (input.Length > 0 && input[0] != 0xFF) return false;
        if (input.Length > 9 && (input[9] & 1) == 0) return false;
        if (input.Length > 10 && input[10] < 3) return false;
        if (input.Length < 64) return true;
        if (Encoding.ASCII.GetString(input[12..32]).TrimEnd('\0') != "NULL") return false;
        var (at, isReady, frames, size) = (64, false, new List<byte[]>(), 0L);
        while (at + 2 <= input.Length)
        {
            var flags = input[at];
            if (flags > 7 || (flags & 5) == 5) return false;
            var header = (flags & 2) == 0 ? 2 : 9;
            if (at + header > input.Length) return true;
            var length = header == 2 ? input[at + 1] : BinaryPrimitives.ReadUInt64BigEndian(input[(at + 1)..]);
            if ((flags & 4) != 0)
            {
                if (length > 4096) return false;
                if (at + header + (int)length > input.Length) return true;
                var body = input.Slice(at + header, (int)length);
                at += header + body.Length;
                if (!(isReady ? Obeys(socket, body, taken) : isReady = IsReady(socket, body, taken))) return false;
                continue;
            }
            if (!isReady || socket == PeerSocketType.Push || length > (ulong)(Verdict.MaxMessageSize - size)) return false;
            if ((flags & 1) != 0 && frames.Count + 1 >= 1000) return false;
            if (at + header + (int)length > input.Length) return true;
            frames.Add(input.Slice(at + header, (int)length).ToArray());
            size += (long)length;
            at += header + (int)length;
            if ((flags & 1) != 0) continue;
            taken.Append(string.Join(',', frames.Select(Convert.ToHexString))).Append(';');
            frames.Clear();
            size = 0;
        }
        return true;
    }

    private static bool IsReady(PeerSocketType socket, ReadOnlySpan<byte> body, StringBuilder taken)
    {
        if (body.Length < 6 || body[0] != 5 || !body[1..6].SequenceEqual("READY"u8)) return false;
        string? type = null;
        for (var rest = body[6..]; !rest.IsEmpty;)
        {
            var name = rest[0];
            if (name == 0 || rest.Length < 1 + name + 4) return false;
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest[(1 + name)..]);
            if (length > rest.Length - 1 - name - 4) return false;
            if (Encoding.ASCII.GetString(rest.Slice(1, name)).Equals("Socket-Type", StringComparison.OrdinalIgnoreCase)) type = Encoding.ASCII.GetString(rest.Slice(5 + name, (int)length));
            rest = rest[(5 + name + (int)length)..];
        }
        string[] wanted = socket switch { PeerSocketType.Pull => ["PUSH"], PeerSocketType.Push => ["PULL"], PeerSocketType.Pub => ["SUB", "XSUB"], _ => ["PUB", "XPUB"] };
        if (!wanted.Contains(type)) return false;
        taken.Append("ready;");
        return true;
    }

    private static bool Obeys(PeerSocketType socket, ReadOnlySpan<byte> body, StringBuilder taken)
    {
        if (body.IsEmpty || body[0] == 0 || body.Length < 1 + body[0]) return false;
        var name = Encoding.Latin1.GetString(body.Slice(1, body[0]));
        var rest = body[(1 + body[0])..];
        switch (name)
        {
            case "SUBSCRIBE" or "CANCEL" when socket == PeerSocketType.Pub:
                taken.Append("sub ").Append(name == "CANCEL" ? "00" : "01").Append(Convert.ToHexString(rest)).Append(';');
                return true;
            case "PONG":
                taken.Append("pong;");
                return true;
            case "ERROR":
                return false;
            case "PING":
                if (rest.Length is < 2 or > 18) return false;
                taken.Append("answer ").Append(Convert.ToHexString(RawPeer.Command("PONG", rest[2..].ToArray()))).Append(';');
                return true;
            default:
                taken.Append("ignored;");
                return true;
        }
    }
}
