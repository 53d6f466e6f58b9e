using MessageRouter.Configuration;
using MessageRouter.Hosting;
using MessageRouter.Tests.Support;
using MessageRouter.Workers;

namespace MessageRouter.Tests.Configuration;

public sealed class WorkersReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_block_with_a_command_is_one_group_named_workers()
    {
        var group = Assert.Single(Read("""workers { command = [message-router, run, worker.conf], instances = 4 }"""));

        Assert.Equal("workers", group.Name);
        Assert.Equal(["message-router", "run", "worker.conf"], group.Command);
        Assert.Equal(4, group.Instances);
        Assert.Equal(TimeSpan.FromSeconds(5), group.StopTimeout);
        Assert.Equal(_folder.Path, group.Directory);
    }

    [Fact]
    public void Groups_with_names_have_their_own_keys_and_the_routers_supervision_where_they_say_nothing()
    {
        var groups = Read("""
            supervision { max-restarts = 7, backoff.max = 1s }
            workers {
              resize { command = resize, instances = 0, stop-timeout = 1m, directory = images, environment { SIZE = 3, "a.b" = "c d" } }
              mail { command = [bin/mail, -v], supervision { max-restarts = 3 }, heartbeat { timeout = 30s } }
            }
            """);

        Assert.Equal(["resize", "mail"], groups.Select(group => group.Name));
        Assert.Equal((0, TimeSpan.FromMinutes(1), _folder["images"]), (groups[0].Instances, groups[0].StopTimeout, groups[0].Directory));
        Assert.Equal(new Dictionary<string, string> { ["SIZE"] = "3", ["a.b"] = "c d" }, groups[0].Environment);
        Assert.Equal([_folder["bin/mail"], "-v"], groups[1].Command);
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(30)], groups.Select(group => group.HeartbeatTimeout));
        Assert.Equal([7, 3], groups.Select(group => group.Supervision.MaxRestarts));
        Assert.All(groups, group => Assert.Equal(TimeSpan.FromSeconds(1), group.Supervision.MaxBackoff));
    }

    [Fact]
    public void A_path_is_relative_to_the_file_that_names_it_also_where_another_place_sets_a_key()
    {
        var group = Assert.Single(Read("workers { command = bin/mail }", "router.workers.instances=2"));

        Assert.Equal((2, _folder.Path), (group.Instances, group.Directory));
        Assert.Equal([_folder["bin/mail"]], group.Command);
    }

    [Theory]
    [InlineData("workers = 4", "`workers` must be a block")]
    [InlineData("workers { instances = 4 }", "worker processes `workers` needs a key `command`")]
    [InlineData("workers { comand = a, command = a }", "unknown key `comand` for worker processes `workers`")]
    [InlineData("workers { command = [] }", "worker processes `workers`: `command` must name a program")]
    [InlineData("""workers { command = "" }""", "worker processes `workers`: `command` must name a program")]
    [InlineData("workers { command = a, instances = -1 }", "worker processes `workers`: `instances` must be between 0 and 1000")]
    [InlineData("workers { command = a, instances = few }", "`instances` of worker processes `workers`: expected")]
    [InlineData("workers { command = a, stop-timeout = -1s }", "`stop-timeout` of worker processes `workers`: expected a duration")]
    [InlineData("workers { command = a, stop-timeout = infinite }", "worker processes `workers`: `stop-timeout` must not be negative or infinite")]
    [InlineData("workers { command = a, heartbeat { timeout = infinite } }", "`heartbeat` of worker processes `workers`: `timeout` must not be negative or infinite")]
    [InlineData("workers { command = a, heartbeat { timeout = 99ms } }", "`heartbeat` of worker processes `workers`: `timeout` must be at least 100ms, or 0s for no limit")]
    [InlineData("workers { command = a, heartbeat { interval = 1s } }", "unknown key `interval` for `heartbeat` of worker processes `workers`")]
    [InlineData("workers { command = a, heartbeat = 30s }", "`heartbeat` of worker processes `workers`")]
    [InlineData("""workers { command = a, environment { "a=b" = c } }""", "worker processes `workers`: `environment` cannot have a variable `a=b`")]
    [InlineData("workers { mail { command = a, supervision = no } }", "`supervision` of worker processes `mail` must be a block")]
    [InlineData("workers { mail { command = a, supervision { retries = 3 } } }", "unknown key `retries` for `supervision` of worker processes `mail`")]
    [InlineData("""workers { "a b" { command = a } }""", "`a b` cannot name worker processes")]
    [InlineData("workers { a { command = a }, b { } }", "worker processes `b` needs a key `command`")]
    public void Says_what_is_wrong(string workers, string problem)
    {
        var exception = Assert.Throws<ConfigurationException>(() => Read(workers));

        Assert.StartsWith(problem, Assert.Single(exception.Diagnostics).Message, StringComparison.Ordinal);
        Assert.NotNull(exception.Diagnostics[0].Span);
    }

    [Fact]
    public void The_builder_goes_through_the_same_reader()
    {
        var node = new RouterBuilder()
            .Input("in", "null", null, "out").Output("out", "null")
            .Workers("mail", ["message-router", "run", "mail.conf"], instances: 2, new { StopTimeout = TimeSpan.FromMinutes(1), Environment = new Dictionary<string, string> { ["My_Key"] = "1" } })
            .Workers("other", ["other"])
            .Build();

        Assert.Equal(["mail", "other"], node.Workers.Select(group => group.Name));
        Assert.Equal((2, TimeSpan.FromMinutes(1)), (node.Workers[0].Instances, node.Workers[0].StopTimeout));
        Assert.Equal(["message-router", "run", "mail.conf"], node.Workers[0].Command);
        Assert.Equal(["My_Key"], node.Workers[0].Environment.Keys);
        Assert.Throws<ArgumentException>(() => new RouterBuilder().Workers("mail", ["a"]).Workers("mail", ["b"]));
    }

    private IReadOnlyList<WorkerGroupDefinition> Read(string workers, params string[] overrides)
    {
        File.WriteAllText(_folder["node.conf"], $$"""
            router {
              inputs { in { type = null, to = out } }
              outputs { out { type = null } }
              {{workers}}
            }
            """);
        return new RouterBuilder().FromFiles(_folder["node.conf"]).Override(overrides).Build().Workers;
    }
}
