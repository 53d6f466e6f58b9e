using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Tests.Zmtp.Fuzzing;

/// <summary>What became of an input: what was taken of it, in order, and how it ended.</summary>
/// <param name="Taken">Messages as frames in hexadecimal, and commands with their names.</param>
/// <param name="Refusal">Why the peer was refused; null where it was not.</param>
internal sealed record Verdict(string Taken, string? Refusal)
{
    /// <summary>The largest message of these tests.</summary>
    public const int MaxMessageSize = 1000;

    private const int Capacity = 8192;

    /// <summary>Has the parts of the engine read an input that comes in pieces.</summary>
    /// <param name="socket">What this side is.</param>
    /// <param name="input">All that the peer sends.</param>
    /// <param name="piece">How many bytes come at once.</param>
    /// <param name="cipher">Opens what is sealed; null for a connection that begins with a greeting.</param>
    public static Verdict Of(PeerSocketType socket, byte[] input, int piece, IFrameCipher? cipher = null)
    {
        var reader = new FrameReader(Capacity, MaxMessageSize, takesMessages: socket != PeerSocketType.Push) { AwaitsIntroduction = cipher is null };
        using var frames = cipher is null ? null : new SealedFrames(cipher, Capacity, MaxMessageSize, partial: null);
        var state = new Reading(socket, reader) { IsGreeted = cipher is not null };
        try
        {
            for (var at = 0; at < input.Length;)
            {
                var space = frames?.Space ?? reader.Space;
                if (space.IsEmpty) throw new InvalidOperationException("There is no room to read to, and nobody who makes some.");
                var count = Math.Min(Math.Min(piece, input.Length - at), space.Length);
                input.AsSpan(at, count).CopyTo(space.Span);
                at += count;
                if (frames is null)
                {
                    reader.Arrived(count);
                    state.Go();
                    continue;
                }
                frames.Arrived(count);
                while (frames.Pour(reader)) state.Go();
            }
            return new Verdict(state.Taken, null);
        }
        catch (ZmtpException exception)
        {
            return new Verdict(state.Taken, exception.Message);
        }
    }

    private sealed class Reading(PeerSocketType socket, FrameReader reader)
    {
        private readonly System.Text.StringBuilder _taken = new();
        private readonly ReceivedMessages _messages = new();

        public bool IsGreeted { get; set; }

        public string Taken
        {
            get
            {
                Flush();
                return _taken.ToString();
            }
        }

        public void Go()
        {
            if (!IsGreeted)
            {
                if (!Greeting.IsComplete(reader.Unread[..Math.Min(reader.Unread.Length, Greeting.Length)], "NULL")) return;
                reader.Skip(Greeting.Length);
                IsGreeted = true;
            }
            while (true)
            {
                reader.TakeRuns(_messages, int.MaxValue);
                switch (reader.Next())
                {
                    case FrameReader.Found.Nothing:
                        return;
                    case FrameReader.Found.Message:
                        _messages.Add(reader.Payload, reader.LeadingFrames);
                        break;
                    case FrameReader.Found.Command when reader.AwaitsIntroduction:
                        Command.CheckSocketType(Command.Ready(reader.Command), socket);
                        reader.AwaitsIntroduction = false;
                        _taken.Append("ready;");
                        break;
                    case FrameReader.Found.Command:
                        Flush();
                        Obey(reader.Command);
                        break;
                    case var other:
                        throw new InvalidOperationException($"Nothing limits memory here, and yet: {other}.");
                }
            }
        }

        private void Obey(ReadOnlySpan<byte> command)
        {
            if (socket == PeerSocketType.Pub && Command.Subscription(command) is { } subscription) _taken.Append("sub ").Append(Convert.ToHexString(subscription)).Append(';');
            else if (Command.IsPong(command)) _taken.Append("pong;");
            else if (Command.Answer(command, out _) is { } answer) _taken.Append("answer ").Append(Convert.ToHexString(answer)).Append(';');
            else _taken.Append("ignored;");
        }

        private void Flush()
        {
            if (_messages.Count == 0) return;
            foreach (var message in _messages.Take())
            {
                for (var i = 0; i < message.FrameCount; i++) _taken.Append(Convert.ToHexString(message.FrameAt(i).Span)).Append(i == message.FrameCount - 1 ? ';' : ',');
            }
        }
    }
}
