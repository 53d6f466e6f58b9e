using System.Threading.Channels;
using MessageRouter.Curve;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;
using Xunit.Abstractions;

namespace MessageRouter.Tests.Zmtp.Fuzzing;

/// <summary>The handshake of CURVE between two honest ends, with somebody between them who changes what they say.</summary>
public sealed class HandshakeFuzzingTests(ITestOutputHelper output) : IDisposable
{
    private readonly CurveKeys _server = CurveKeys.Generate();
    private readonly CurveKeys _client = CurveKeys.Generate();

    public void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
    }

    [Fact]
    public async Task A_handshake_that_was_changed_fails_by_a_refusal_and_by_nothing_else()
    {
        var random = new Random(FuzzingTests.Seed);
        var mutator = new Mutator(random);
        var (succeeded, refused, runs) = (0, 0, FuzzingTests.Runs / 60);
        var server = new CurveServer(_server, CurvePeers.Any, authenticator: null);
        var client = new CurveClient(_client, _server.Public.ToArray());
        var (mine, theirs) = (PeerMetadata.Of(PeerSocketType.Pull, []), PeerMetadata.Of(PeerSocketType.Push, [new("X-Name", [1, 2, 3])]));
        for (var run = 0; run < runs; run++)
        {
            var (at, up) = (random.Next(2), random.Next(2) == 0);
            var touched = false;
            var (toServer, toClient) = (new Wire(Change(up)), new Wire(Change(!up)));
            var serving = TryAsync(server, toServer, toClient, mine);
            var connecting = TryAsync(client, toClient, toServer, theirs);
            var results = await Task.WhenAll(serving, connecting).WaitAsync(TestNode.Patience);

            if (results is [{ } atServer, { } atClient])
            {
                succeeded++;
                Assert.Equal(_client.PublicKey, atServer.Identity.PublicKey);
                Assert.Equal(theirs.ToBytes(), atServer.Metadata.ToBytes());
                Assert.Equal(mine.ToBytes(), atClient.Metadata.ToBytes());
                AssertSpeak(atServer.Cipher!, atClient.Cipher!);
            }
            else
            {
                refused++;
                Assert.True(touched, "Nobody had changed anything.");
            }
            foreach (var result in results) result?.Cipher?.Dispose();

            Func<int, byte[], byte[]> Change(bool here) => (number, frame) =>
            {
                if (!here || number != at) return frame;
                var changed = mutator.Next([frame]);
                touched |= !changed.AsSpan().SequenceEqual(frame);
                return changed;
            };
        }
        output.WriteLine($"{runs} handshakes from seed {FuzzingTests.Seed}: {succeeded} came to an end, {refused} did not.");
        Assert.True(succeeded > 0 && refused > runs / 4);
    }

    private static void AssertSpeak(IFrameCipher one, IFrameCipher other)
    {
        var body = new byte[3 + one.Overhead];
        one.Seal(0, [1, 2, 3], body);
        var content = new byte[4];
        other.Open(body, content);
        Assert.Equal([0, 1, 2, 3], content);
    }

    /// <returns>Null where the other end was refused, or has gone.</returns>
    private static async Task<HandshakeResult?> TryAsync(ConnectionSecurity security, Wire from, Wire to, PeerMetadata metadata)
    {
        await Task.Yield();
        try
        {
            return await security.ShakeHandsAsync(new Channel(from, to), metadata);
        }
        catch (ZmtpException)
        {
            return null;
        }
        finally
        {
            to.Close();
        }
    }

    /// <summary>What goes to one end.</summary>
    private sealed class Wire(Func<int, byte[], byte[]> change)
    {
        private readonly Channel<byte[]> _frames = System.Threading.Channels.Channel.CreateUnbounded<byte[]>();
        private int _sent;

        /// <remarks>Nothing comes behind what was changed: who waits for the rest of it would wait as long as a handshake may take.</remarks>
        public void Send(byte[] frame)
        {
            var passed = change(_sent++, frame);
            _frames.Writer.TryWrite(passed);
            if (!passed.AsSpan().SequenceEqual(frame)) Close();
        }

        public void Close() => _frames.Writer.TryComplete();

        public async ValueTask<byte[]> ReceiveAsync() => await _frames.Reader.WaitToReadAsync() ? await _frames.Reader.ReadAsync() : throw new ZmtpException("It has gone.", refusal: null);
    }

    private sealed class Channel(Wire from, Wire to) : HandshakeChannel
    {
        private readonly FrameReader _reader = new(8192, 1000, takesMessages: true) { AwaitsIntroduction = true };

        public override string PeerName => "tcp://127.0.0.1:1";

        public override CancellationToken Ended => CancellationToken.None;

        public override ValueTask SendAsync(byte[] frame)
        {
            to.Send(frame);
            return ValueTask.CompletedTask;
        }

        public override async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync()
        {
            FrameReader.Found found;
            while ((found = _reader.Next()) == FrameReader.Found.Nothing)
            {
                var bytes = await from.ReceiveAsync();
                bytes.CopyTo(_reader.Space);
                _reader.Arrived(bytes.Length);
            }
            return found == FrameReader.Found.Command ? _reader.CommandMemory : throw new ZmtpException("It sent a message.");
        }
    }
}
