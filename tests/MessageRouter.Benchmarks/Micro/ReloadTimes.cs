using System.Diagnostics;
using MessageRouter.Components;
using MessageRouter.Hosting;
using MessageRouter.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MessageRouter.Benchmarks.Micro;

/// <summary>
/// The command <c>reload</c>: for how long messages stand still while one filter of a node of 200 components is replaced, those of its way and those of others,
/// while two more ways keep all processors busy; and what a reload costs that changes nothing.
/// </summary>
internal static class ReloadTimes
{
    private const int Ways = 66;
    private const int Steady = 8;
    private const int Busy = 2;
    private const int Rounds = 15;
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(600);

    public static async Task RunAsync()
    {
        using (var host = await StartAsync(router => Describe(router, value: 0, Busy)))
        {
            var node = host.Services.GetRequiredService<RouterNode>();
            await Task.Delay(Window * 3);
            var (others, changed, usual) = (new List<double>(), new List<double>(), new List<double>());
            for (var round = 1; round <= Rounds; round++)
            {
                var before = await GapsAsync(() => Task.CompletedTask);
                var value = round;
                var meanwhile = await GapsAsync(() => node.ReloadAsync(router => Describe(router, value, Busy)));
                usual.Add(before.Max());
                others.Add(meanwhile.Skip(1).Max() - before.Skip(1).Max());
                changed.Add(meanwhile[0]);
            }
            Console.WriteLine($"longest gap, usual                        {Median(usual),8:0.0} ms");
            Console.WriteLine($"longest gap of other ways, above usual    {Median(others),8:0.0} ms");
            Console.WriteLine($"longest gap of the changed way            {Median(changed),8:0.0} ms");
            await host.StopAsync();
            if (!node.Ledger().Balanced) throw new InvalidOperationException("The ledger does not balance.");
        }

        using var idle = await StartAsync(router => Describe(router, value: 0, busy: 0));
        var quiet = idle.Services.GetRequiredService<RouterNode>();
        await quiet.ReloadAsync(router => Describe(router, value: 0, busy: 0));
        await Task.Delay(Window);
        var processor = Environment.CpuUsage.TotalTime;
        var resting = Stopwatch.GetTimestamp();
        await Task.Delay(Window * 4);
        var rest = (Environment.CpuUsage.TotalTime - processor) / Stopwatch.GetElapsedTime(resting);
        processor = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; round < Rounds; round++) await quiet.ReloadAsync(router => Describe(router, value: 0, busy: 0));
        var took = Stopwatch.GetElapsedTime(start);
        var cpu = (Environment.CpuUsage.TotalTime - processor) - (took * rest);
        Console.WriteLine($"CPU of a reload that changes nothing      {cpu.TotalMilliseconds / Rounds / (Ways * 3) * 100,8:0.0} ms for 100 components");
        await idle.StopAsync();
    }

    private static async Task<IHost> StartAsync(Action<RouterBuilder> describe)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddMessageRouter(describe);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static void Describe(RouterBuilder router, int value, int busy)
    {
        router.Name("reloads").Set("errors", new { Type = "null" });
        for (var way = 0; way < Ways; way++)
        {
            var (input, filter, output) = ($"in{way}", $"f{way}", $"out{way}");
            if (way < Steady) router.Add<SteadyInput>(input, new { Way = way }, filter);
            else router.Input(input, "generator", new { Rate = way < Steady + busy ? 0 : 0.1 }, filter);
            router.Filter(filter, "set", new { Fields = new { Value = way == 0 ? value : 0 } }, output);
            if (way < Steady) router.Add<GapOutput>(output, new { Way = way });
            else router.Output(output, "null");
        }
    }

    /// <summary>The longest gap of each way, in milliseconds, around an act.</summary>
    private static async Task<double[]> GapsAsync(Func<Task> act)
    {
        GapOutput.Begin();
        await Task.Delay(Window / 3);
        await act();
        await Task.Delay(Window / 3 * 2);
        return [.. Enumerable.Range(0, Steady).Select(GapOutput.Longest)];
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>A message each millisecond, from a thread of its own.</summary>
    public sealed class SteadyInput : InputActor
    {
        private static readonly byte[] Payload = """{"level":"info","text":"steady"}"""u8.ToArray();
        private volatile bool _isOver;

        /// <inheritdoc/>
        protected override void Open() => new Thread(Run) { IsBackground = true, Priority = ThreadPriority.Highest }.Start();

        /// <inheritdoc/>
        protected override void Close() => _isOver = true;

        private void Run()
        {
            using var never = new ManualResetEventSlim();
            while (!_isOver)
            {
                Intake.TryAdd(MessageBatch.Of(Intake.NewMessage(Payload)));
                never.Wait(1);
            }
        }

        /// <summary>Its options.</summary>
        public sealed record Options
        {
            /// <summary>Which one it is.</summary>
            public int Way { get; init; }
        }
    }

    /// <summary>Keeps the longest time between two batches.</summary>
    public sealed class GapOutput(GapOutput.Options options) : OutputActor
    {
        private static readonly long[] Last = new long[Steady];
        private static readonly long[] Gaps = new long[Steady];

        internal static void Begin() => Array.Clear(Gaps);

        internal static double Longest(int way) => Volatile.Read(ref Gaps[way]) * 1000.0 / Stopwatch.Frequency;

        /// <inheritdoc/>
        protected override void WriteBatch(MessageBatch batch)
        {
            var now = Stopwatch.GetTimestamp();
            var before = Last[options.Way];
            Last[options.Way] = now;
            if (before > 0 && now - before > Gaps[options.Way]) Gaps[options.Way] = now - before;
            Delivered(batch.Count);
        }

        /// <summary>Its options.</summary>
        public sealed record Options
        {
            /// <summary>Which one it is.</summary>
            public int Way { get; init; }
        }
    }
}
