using System.Diagnostics;
using MessageRouter.Benchmarks.Route;
using MessageRouter.Benchmarks.Wire;
using MessageRouter.Hosting;
using MessageRouter.Routing;
using MessageRouter.Zmtp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Benchmarks.Micro;

/// <summary>
/// The command <c>subscribers</c>: how much faster or slower a publisher is while strangers subscribe to prefixes that never match, of many lengths, each as near to its messages as can be. Turns with
/// and without them follow each other within one process.
/// </summary>
internal static class SubscriberTimes
{
    private const int Strangers = 200;
    private const int PrefixesOfEach = 100;
    private const int Lengths = 16;
    private const int Rounds = 5;
    private const string Honest = "tcp://127.0.0.1:";
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);
    private static readonly byte[] Message = Payload.Json(100);

    public static async Task RunAsync()
    {
        Weigh("prefixes that have nothing in common", 256);
        Weigh("prefixes that part at each byte", 2);
        Weigh("the same beside one to everything", 2, everything: true);
        await SocketAsync("PubSocket, one subscriber to everything", "");
        await SocketAsync("PubSocket, one subscriber to what all messages begin with", "{\"t\"");
        await NodeAsync();
    }

    /// <summary>Says what a subscription takes beside its prefix.</summary>
    private static void Weigh(string what, int different, bool everything = false)
    {
        const int subscribers = 100, each = 1000, length = 20;
        var random = new Random(1);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = new SubscriptionIndex();
        var all = Enumerable.Range(0, subscribers).Select(_ => new Subscriptions(index)).ToArray();
        var prefix = new byte[length];
        foreach (var subscriptions in all)
        {
            if (everything) subscriptions.Add([]);
            while (subscriptions.Count < each)
            {
                for (var i = 0; i < length; i++) prefix[i] = (byte)random.Next(different);
                subscriptions.Add(prefix);
            }
        }
        var taken = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine($"{what}: {(double)taken / (subscribers * each) - length:0} bytes each, and {(double)index.Bytes / (subscribers * each) - length:0} are counted");
        GC.KeepAlive(all);
    }

    private static async Task SocketAsync(string what, string prefix)
    {
        await using var publisher = new PubSocket(new ZmtpOptions { Bind = [$"{Honest}*"], HighWaterMark = 10_000 });
        await using var honest = new SubSocket(new ZmtpOptions { Connect = [publisher.Endpoints[0]] }, prefix);
        var reading = Task.Run(async () =>
        {
            await foreach (var _ in honest.ReadAllAsync())
            {
            }
        });
        await publisher.WaitForSubscriberAsync();
        var message = new ZmtpMessage(Message);
        await CompareAsync(what, publisher.Endpoints[0], () => Task.Run(() =>
        {
            var (sent, began) = (0L, Stopwatch.GetTimestamp());
            for (; Stopwatch.GetElapsedTime(began) < Window; sent++) publisher.Send(message);
            return sent / Stopwatch.GetElapsedTime(began).TotalSeconds;
        }));
        await honest.DisposeAsync();
        await reading;
    }

    private static async Task NodeAsync()
    {
        var (from, to) = (Ports.Free(), Ports.Free());
        await using var source = Running.Start([.. Self.Command, "source", "PUSH", $"{from}", $"{Message.Length}", "0", "1"]);
        await using var sink = Running.Start([.. Self.Command, "sink", "SUB", $"{to}", "count"]);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddMessageRouter((RouterBuilder router) => router.FromText($$"""
            router {
              inputs.in { type = zeromq, bind = "{{Honest}}{{from}}", socket-type = pull, to = out }
              outputs.out { type = zeromq, bind = "{{Honest}}{{to}}", socket-type = pub }
            }
            """));
        using var host = builder.Build();
        await host.StartAsync();
        await source.UntilAsync("ready");
        await sink.UntilAsync("ready");
        source.Tell("go");
        await Task.Delay(Settling);
        var node = host.Services.GetRequiredService<RouterNode>();
        await CompareAsync("a node, PULL to PUB, one subscriber to everything", $"{Honest}{to}", async () =>
        {
            var (before, began) = (Published(), Stopwatch.GetTimestamp());
            await Task.Delay(Window);
            return (Published() - before) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        });
        await source.AskAsync("stop");
        await host.StopAsync();

        long Published() => node.Ledger().Components.Single(line => line.Name == "outputs.out").Out;
    }

    /// <summary>Says the rate with strangers as a part of the mean of those before and after.</summary>
    private static async Task CompareAsync(string what, string endpoint, Func<Task<double>> rate)
    {
        await rate();
        var (ratios, alone) = (new List<double>(), new List<double> { await rate() });
        for (var round = 0; round < Rounds; round++)
        {
            var strangers = Enumerable.Range(0, Strangers).Select(number => new SubSocket(new ZmtpOptions { Connect = [endpoint] }, [.. Prefixes(number)])).ToArray();
            await Task.Delay(Settling);
            var meanwhile = await rate();
            foreach (var stranger in strangers) await stranger.DisposeAsync();
            await Task.Delay(Settling);
            alone.Add(await rate());
            ratios.Add(meanwhile / ((alone[^2] + alone[^1]) / 2));
        }
        Console.WriteLine($"{what}: alone {Measurement.Median(alone):#,0} messages/s, with {Strangers} strangers {Measurement.Median(ratios):0.000} of it ({ratios.Min():0.000} to {ratios.Max():0.000})");
    }

    /// <summary>The messages' own beginnings but for the last three bytes, the more of them at each length.</summary>
    private static IEnumerable<string> Prefixes(int stranger)
    {
        var text = System.Text.Encoding.ASCII.GetString(Message);
        for (var i = 0; i < PrefixesOfEach; i++) yield return $"{text[..(60 + i % Lengths)]}~{stranger:000}{i:000}";
    }
}
