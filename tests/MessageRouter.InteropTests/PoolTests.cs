using System.Text.Json;

namespace MessageRouter.InteropTests;

/// <summary>A pool whose size changes while messages come.</summary>
public sealed class PoolTests(ITestOutputHelper output) : InteropTest(output)
{
    private const int Keys = 50;

    [SkippableTheory]
    [InlineData("stdin")]
    [InlineData("zeromq")]
    public async Task Resizing_by_signals_keeps_the_order_of_each_key_and_loses_nothing(string input)
    {
        const int each = 20_000;
        int[] sizes = [8, 1, 7, 3, 1];
        var router = RunNode(Node(input, 1));
        await router.Starts();
        var sender = input == "stdin" ? (Peer)router : MessageRouter("run", Files.Write("sender.conf", $$"""
            router {
              inputs.in { type = stdin, to = out }
              outputs.out { type = zeromq, connect = "tcp://127.0.0.1:{{(await router.NamesEndpoint()).Port}}", socket-type = push }
            }
            """));

        for (var round = 0; round <= sizes.Length; round++)
        {
            var sending = sender.WriteAsync([.. Enumerable.Range(round * each, each).Select(n => $$"""{"key":"k{{n % Keys}}","n":{{n}}}""")]);
            if (round < sizes.Length)
            {
                var before = round == 0 ? 1 : sizes[round - 1];
                Files.Write("node1.conf", Node(input, sizes[round]));
                router.Send(Signal.HangUp);
                await router.Reports(line => line.Contains($"Resized from {before} to {sizes[round]}.", StringComparison.Ordinal), $"a size of {sizes[round]}");
            }

            await sending;
        }

        await router.Until(() => Files.Lines("out.log").Count() == (sizes.Length + 1) * each, "every message");
        sender.EndInput();
        if (sender != router) await sender.Exits();
        var ledger = input == "stdin" ? await router.Ends() : await router.Stops();

        var arrived = Files.Lines("out.log").Select(line => JsonDocument.Parse(line).RootElement)
            .GroupBy(message => message.GetProperty("key").GetString(), message => message.GetProperty("n").GetInt32());
        Assert.All(arrived, key =>
        {
            var first = key.First();
            Assert.Equal(Enumerable.Range(0, (sizes.Length + 1) * each / Keys).Select(i => first + (i * Keys)), key);
        });
        Assert.Equal(Keys, arrived.Count());
        Assert.Equal((sizes.Length + 1) * each, ledger["filters.copy"].Out);
    }

    private static string Node(string input, int instances) => $$"""
        router {
          inputs.in { {{(input == "stdin" ? "type = stdin" : """type = zeromq, bind = "tcp://127.0.0.1:0", socket-type = pull""")}}, to = copy }
          filters.copy { type = null, instances = {{instances}}, route = hash(key), to = out }
          outputs.out { type = file, path = out.log, flush-interval = 0s }
        }
        """;
}
