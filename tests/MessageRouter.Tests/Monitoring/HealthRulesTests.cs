using MessageRouter.Clustering;
using MessageRouter.Control;
using MessageRouter.Ledger;
using MessageRouter.Monitoring;
using MessageRouter.Monitoring.Health;

namespace MessageRouter.Tests.Monitoring;

public class HealthRulesTests
{
    private static readonly Rates Some = new(0, 0, 0.5);

    public static TheoryData<string, string, string, Func<NodeStatus, NodeStatus>> Ills() => new()
    {
        { "outputs.out", "unhealthy", "It was stopped by its supervision, or could not be started again after a reload that failed. The last error: no disk", status => With(status, one => one with { State = "stopped", LastError = "no disk\nat x" }) },
        { "outputs.out", "unhealthy", "It waits 3.5 s for its next try; it was restarted 0 times.", status => With(status, one => one with { State = "backing-off", BackingOffSeconds = 3.5 }) },
        { "outputs.out", "unhealthy", "All of its copies keep failing and are set aside.", status => With(status, one => one with { State = "set-aside" }) },
        { "outputs.out", "degraded", "Its mailbox has been full for 12 s (0 of 0 messages, 0 B).", status => With(status, one => one with { Mailbox = new MailboxStatus { FullSeconds = 12 } }) },
        { "outputs.out", "degraded", "It has been at work on what it took last for 40 s.", status => With(status, one => one with { BusySeconds = 40 }) },
        { "outputs.out", "degraded", "It dropped 0.5 messages a second (no-subscriber) over the last minute.", status => With(status, one => one with { DroppedRate = new Dictionary<string, Rates> { ["no-subscriber"] = Some } }) },
        { "outputs.out", "degraded", "2 messages a second failed in it over the last minute.", status => With(status, one => one with { FailedRate = new Rates(0, 0, 2) }) },
        { "security", "degraded", "Who may connect by office is not what is said there now: `a.key` has no public key; name a certificate.", status => status with { SecurityProblems = [new SecurityProblem("office", "`a.key` has no public key; name a certificate.")] } },
        { "cluster", "degraded", "The node is not one of the cluster logs: nobody answers.", status => status with { Cluster = new ClusterStatus("logs", "a:1", "joining") { Problem = "nobody answers" } } },
        { "cluster", "degraded", "The node is not one of the cluster logs: it is another one.", status => status with { Cluster = new ClusterStatus("logs", "a:1", "refused") { Problem = "it is another one." } } },
        { "cluster", "degraded", "b, c:1 do not answer.", status => status with { Cluster = new ClusterStatus("logs", "a:1", "up") { Members = [new ClusterMember("a", "a:1", "up", true), new ClusterMember("b", "b:1", "up", false), new ClusterMember("", "c:1", "up", false)] } } },
        { "cluster", "degraded", "No node takes the stream jobs.", status => status with { Cluster = new ClusterStatus("logs", "a:1", "up") { Streams = [new StreamStatus("jobs", [], ["a"]), new StreamStatus("logs", ["a"], [])] } } },
        { "cluster", "degraded", "No node has inputs.in: it failed each time on a, b, and was given up there.", status => status with { Cluster = new ClusterStatus("logs", "a:1", "up") { Singletons = [new SingletonStatus("inputs.in", null, []) { GivenUpBy = ["a", "b"] }] } } },
        { "cluster", "degraded", "The stream jobs does not keep a key with one node: it is fed in several ways: a; b.", status => status with { Cluster = new ClusterStatus("logs", "a:1", "up") { Streams = [new StreamStatus("jobs", ["a"], ["a", "b"]) { Problem = "it is fed in several ways: a; b" }] } } },
        { "router", "degraded", "As much waits in the node as `memory.limit` allows (1 KiB); most of it in outputs.out.", status => status with { Memory = new MemoryStatus(2000, 1024, true) } },
        { "router", "degraded", "The node is stopping; it waits for outputs.out 3.", status => status with { State = "draining", DrainsWaitingFor = "outputs.out 3" } },
        { "workers.mail", "unhealthy", "1 of its 1 processes keep ending; the last one: exit code 1", status => status with { Processes = [new ProcessLine("mail.1", "mail", null, "waiting", 4, 0, "exit code 1")] } },
        { "workers.mail", "degraded", "1 of its 2 processes keep ending; the last one: exit code 1", status => status with { Processes = [new ProcessLine("mail.1", "mail", null, "waiting", 4, 0, "exit code 1"), new ProcessLine("mail.2", "mail", 12, "running", 9, 60, "exit code 1")] } },
    };

    [Theory]
    [MemberData(nameof(Ills))]
    internal void What_is_wrong_is_said_with_what_it_means_and_what_to_do(string component, string severity, string symptom, Func<NodeStatus, NodeStatus> ill)
    {
        var report = HealthRules.Judge(ill(Well()), new HealthOptions());

        var finding = Assert.Single(report.Findings);
        Assert.Equal((component, severity, symptom), (finding.Component, finding.Severity, finding.Symptom));
        Assert.Equal(severity, report.Status);
        Assert.NotEmpty(finding.Meaning);
        Assert.NotEmpty(finding.Action);
        Assert.Equal(severity == "degraded" && !symptom.Contains("stopping", StringComparison.Ordinal), report.Ready);
    }

    [Fact]
    public void A_node_that_is_well_has_nothing_said_of_it()
    {
        var report = HealthRules.Judge(Well(), new HealthOptions());

        Assert.Equal(("healthy", true, 0), (report.Status, report.Ready, report.Findings.Count));
    }

    [Theory]
    [InlineData("filter", null, null, "give it more `instances`")]
    [InlineData("output", null, null, "make faster what it writes to")]
    [InlineData("output", "self", "has no peer that takes messages", "It has no peer that takes messages.")]
    [InlineData("filter", "outputs.slow", "has no peer that takes messages", "outputs.slow holds it up: it has no peer that takes messages.")]
    public void What_to_do_about_a_full_mailbox_is_what_can_be_done(string role, string? holder, string? why, string expected)
    {
        var status = With(Well(), one => one with
        {
            Role = role,
            Mailbox = new MailboxStatus { FullSeconds = 12 },
            WaitingFor = holder is null ? null : new WaitingFor(holder == "self" ? one.Name : holder, why!, []),
        });

        Assert.Contains(expected, Assert.Single(HealthRules.Judge(status, new HealthOptions()).Findings).Action, StringComparison.Ordinal);
    }

    [Fact]
    public void Thresholds_say_from_when_on_something_is_wrong()
    {
        var status = With(Well(), one => one with { Mailbox = new MailboxStatus { FullSeconds = 12 }, FailedRate = new Rates(0, 0, 2), DroppedRate = new Dictionary<string, Rates> { ["evicted"] = Some } });

        Assert.Equal(3, HealthRules.Judge(status, new HealthOptions()).Findings.Count);
        Assert.Empty(HealthRules.Judge(status, new HealthOptions { FullFor = TimeSpan.FromSeconds(13), ErrorsPerSecond = 2, DropsPerSecond = 0.5 }).Findings);
    }

    [Fact]
    public void The_worst_stands_first()
    {
        var status = With(Well(), one => one with { State = "stopped", BusySeconds = 40 });

        Assert.Equal(["unhealthy", "degraded"], HealthRules.Judge(status, new HealthOptions()).Findings.Select(finding => finding.Severity));
    }

    private static NodeStatus With(NodeStatus status, Func<ComponentStatus, ComponentStatus> change) => status with { Components = [change(status.Components[0])] };

    private static NodeStatus Well() => new()
    {
        Node = "test",
        Version = "1",
        State = "running",
        StartedAt = DateTimeOffset.UnixEpoch,
        UptimeSeconds = 100,
        Configuration = new ConfigurationStatus([], null),
        Components = [new ComponentStatus("outputs.out", "file", 0, 0, 0, 0, 0, new Dictionary<string, long>(), 0, 0, []) { Role = "output", State = "running" }],
        Edges = [],
        Memory = new MemoryStatus(0, 0, false),
        Process = new ProcessStatus(),
        Balanced = true,
    };
}
