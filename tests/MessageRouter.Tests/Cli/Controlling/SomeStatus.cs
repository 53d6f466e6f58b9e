using MessageRouter.Ledger;
using MessageRouter.Monitoring;

namespace MessageRouter.Tests.Cli.Controlling;

/// <summary>A node in trouble: a warehouse that nobody is at, and an archive that is slow.</summary>
internal static class SomeStatus
{
    public static NodeStatus Shop => new()
    {
        Node = "shop",
        Version = "1.2.3",
        State = "running",
        StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        UptimeSeconds = 7985.4,
        Configuration = new ConfigurationStatus(["base.conf", "shop.conf"], "b07ea384d8a4"),
        Components =
        [
            Component("inputs.web", "generator", "input", 2_000_000, 2_000_000, rate: 2000) with { To = ["filters.slow"], State = "blocked", WaitingFor = new("outputs.warehouse", "has no peer that takes messages", ["filters.slow", "outputs.warehouse"]) },
            Component("filters.slow", "delay", "filter", 1_900_000, 1_890_000, rate: 1950, fill: 0.4, queued: 10_000) with
            {
                Workers = [new WorkerLine("1", "running", 950_000, 945_000, 5000, 975.2, Restarts: 0, Failed: 0, Filtered: 0), new WorkerLine("2", "set-aside", 950_000, 945_000, 5000, 0, Restarts: 3, Failed: 7, Filtered: 0, LastError: "no user in it")],
                LastError = "no user in it",
                LastErrorAt = new DateTimeOffset(2026, 1, 2, 5, 16, 50, TimeSpan.Zero),
                Failed = 7,
                Restarts = 3,
            },
            Component("outputs.warehouse", "zeromq", "output", 1_890_000, 0, rate: 0, fill: 1, queued: 10_000, inRate: 1950) with
            {
                State = "paused",
                WaitingFor = new("outputs.warehouse", "has no peer that takes messages", ["outputs.warehouse"]),
                Dropped = new Dictionary<string, long> { ["evicted"] = 1_880_000 },
                DroppedRate = new Dictionary<string, Rates> { ["evicted"] = new(1950, 1940.5, 1930) },
                Endpoints = ["tcp://10.0.0.9:5223"],
                Place = "shop.conf:14:5",
                Connections = [new ConnectionLine("tcp://10.0.0.9:5223", "connected", "push", 65, 0, 120, 3000, 4096, 12, 5, 0.4)],
            },
            Component("errors", "stderr", "output", 7, 7, rate: 0),
        ],
        Edges =
        [
            new EdgeStatus { From = "inputs.web", To = "filters.slow", Offered = 1_900_000, Delivered = 1_890_000, Waiting = 10_000, Rate = new(1950, 1950, 1950) },
            new EdgeStatus { From = "filters.slow", To = "outputs.warehouse", Offered = 1_890_000, Delivered = 10_000, Dropped = new Dictionary<string, long> { ["evicted"] = 1_880_000 }, Rate = new(1950, 1950, 1950), DroppedRate = new(1950, 1940.5, 1930) },
            new EdgeStatus { From = "inputs.web", To = "errors" },
        ],
        Processes = [new ProcessLine("mail.1", "mail", 4712, "running", 0, 61, null), new ProcessLine("mail.2", "mail", null, "waiting", 4, 0, "It ended with exit code 3.")],
        Memory = new MemoryStatus(3 << 20, 256 << 20, false),
        Process = new ProcessStatus { Pid = 4711, CpuSeconds = 12, Cpu = 0.35, MemoryBytes = 57 << 20, HeapBytes = 12 << 20, Threads = 23, OpenFiles = 41, LastCollectionPauseSeconds = 0.0042 },
        Balanced = true,
    };

    private static ComponentStatus Component(string name, string type, string role, long @in, long @out, double rate, double fill = 0, long queued = 0, double? inRate = null) =>
        new(name, type, @in, 0, @out, 0, 0, new Dictionary<string, long>(), queued, 0, [])
        {
            Role = role,
            State = "running",
            Mailbox = new MailboxStatus { Queued = queued, Capacity = 10_000, Fill = fill, OldestSeconds = queued > 0 ? 5.1 : null },
            InRate = new(inRate ?? rate, inRate ?? rate, inRate ?? rate),
            OutRate = new(rate, rate / 2, rate / 4),
            QueuedBytes = queued * 100,
        };
}
