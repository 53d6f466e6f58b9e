using System.Runtime.Versioning;
using MessageRouter.Curve;
using MessageRouter.Monitoring;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.InteropTests;

/// <summary>A port with CURVE that is attacked in every state of a connection, while honest peers use it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class AttackTests(ITestOutputHelper output) : InteropTest(output)
{
    private const int Messages = 20_000;

    [SkippableFact]
    public async Task Who_attacks_in_any_state_is_a_number_in_the_status_and_honest_peers_lose_nothing()
    {
        Requires.PyZmq();
        var port = Ports.Free();
        using var node = CurveKeys.Generate();
        using var honest = CurveKeys.Generate();
        using var stranger = CurveKeys.Generate();
        await using var watched = new WatchedNode($$"""
            router {
              security {
                identities { node { file = "keys/node.key_secret" } }
                peers { friends { allow = ["{{honest.PublicKey}}"] } }
              }
              inputs.in {
                type = zeromq, socket-type = pull, bind = "tcp://127.0.0.1:{{port}}", to = out, curve { identity = node, allow = [friends] }
                limits { handshakes = 100, handshake-time = 1s, connections-per-second = 100000 }
              }
              outputs.out { type = file, path = out.log }
            }
            """);
        Directory.CreateDirectory(watched["keys"]);
        node.Save(watched["keys/node.key"]);
        await watched.StartsAsync();
        var peer = Zmq("PUSH", "connect", port, [$"--curve-public={honest.PublicKey}", $"--curve-secret={Z85.Encode(honest.Secret)}", $"--trust={node.PublicKey}"]);
        await peer.IsConnected();

        using var over = new CancellationTokenSource();
        var attacks = Attacks(port, node.PublicKey, honest, stranger).Select(attack => Task.Run(() => RepeatAsync(attack, over.Token))).ToList();
        for (var part = 0; part < 4; part++)
        {
            await peer.FloodAsync(Messages / 4);
            await watched.Node.Until(() => File.Exists(watched["out.log"]) && File.ReadLines(watched["out.log"]).Count() >= (part + 1) * Messages / 4, "every honest message");
        }
        await over.CancelAsync();
        var attempts = (await Task.WhenAll(attacks)).Sum();

        Assert.DoesNotContain("disconnected", peer.Errors.Lines);
        Assert.Equal(Messages, File.ReadLines(watched["out.log"]).Count());
        var status = NodeStatus.FromJson((await watched.Does(0, "status", "--format", "json")).Output);
        var refused = status.Components.Single(component => component.Name == "inputs.in").Refused!;
        Assert.All(new[] { "mechanism", "version", "forged", "not-allowed", "protocol" }, reason => Assert.True(refused.GetValueOrDefault(reason) > 0, $"None for {reason}: {string.Join(", ", refused)}"));
        Assert.True(refused.GetValueOrDefault("handshakes") + refused.GetValueOrDefault("handshake-time") > 0, $"None for silence: {string.Join(", ", refused)}");
        Assert.InRange(refused.Values.Sum(), 1, attempts);
        Assert.True(status.Process.MemoryBytes < 500_000_000, $"The node grew to {status.Process.MemoryBytes:N0} bytes.");
        Assert.True(status.Balanced);
    }

    private static IEnumerable<Func<Task>> Attacks(int port, string server, CurveKeys friend, CurveKeys stranger)
    {
        // Silence in every state: of a stranger who has said nothing, a part of the greeting, all of it, HELLO.
        var held = new Queue<CurveIntruder>();
        foreach (var (bytes, most) in new[] { (0, 0), (30, 0), (64, 0), (64, 1) })
        {
            yield return async () =>
            {
                if (await CurveIntruder.ConnectAsync(port, stranger, server, bytes, most) is not { } silent) return;
                lock (held)
                {
                    held.Enqueue(silent);
                    if (held.Count > 400) held.Dequeue().Dispose();
                }
            };
        }

        // What is no CURVE, or another's.
        yield return () => CurveIntruder.ShoutAsync(port, [0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F, 3, 1, .. "NULL"u8, .. new byte[48]]);
        yield return () => CurveIntruder.ShoutAsync(port, [1, 0]);
        yield return () => CurveIntruder.SayAsync(port, stranger, server, _ => []);
        yield return () => CurveIntruder.SayAsync(port, stranger, CurveKeys.Generate().PublicKey, _ => []);

        // A friend who has gone mad: frames in clear, of no size, changed, with flags that do not exist.
        yield return () => CurveIntruder.SayAsync(port, friend, server, _ => [0, 5, .. "clear"u8]);
        yield return () => CurveIntruder.SayAsync(port, friend, server, _ => [2, 0x7F, 255, 255, 255, 255, 255, 255, 255]);
        yield return () => CurveIntruder.SayAsync(port, friend, server, cipher => Sealed(cipher, 0, changes: true));
        yield return () => CurveIntruder.SayAsync(port, friend, server, cipher => Sealed(cipher, 0x40, changes: false));
    }

    private static byte[] Sealed(IFrameCipher cipher, byte flags, bool changes)
    {
        var body = new byte[5 + cipher.Overhead];
        cipher.Seal(flags, "hello"u8, body);
        if (changes) body[^1] ^= 1;
        return [0, (byte)body.Length, .. body];
    }

    private static async Task<int> RepeatAsync(Func<Task> attack, CancellationToken over)
    {
        var count = 0;
        for (; !over.IsCancellationRequested; count++) await attack();
        return count;
    }
}
