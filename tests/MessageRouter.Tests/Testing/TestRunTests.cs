using MessageRouter.Testing.Running;
using MessageRouter.Tests.Plugins;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Testing;

/// <summary>How a tested node runs: in time that moves by itself, until nothing is left to do, and the same every time.</summary>
public class TestRunTests
{
    [Fact]
    public async Task Time_moves_until_nothing_is_left_to_do() =>
        Assert.Empty(await Tested.FailuresAsync("send { in = [{ n = 1 }] }\nexpect { late { out = 1 }, out { count = 2, within = 10s } }"));

    [Fact]
    public async Task Messages_are_sent_at_their_times() =>
        Assert.Empty(await Tested.FailuresAsync("""
            send = [
              { in { at = 5s, messages = [{ n = 1 }] } }
              { in { at = 2s, rate = 1, count = 2, message = "{\"n\":8,\"of\":${n},\"at\":\"%{time}\"}" } }
            ]
            expect { all { messages = [{ of = 1, at = "2020-01-01T00:00:02.000Z" }, { of = 2, at = "2020-01-01T00:00:03.000Z" }, { n = 1 }], after = 2s, within = 5s } }
            """));

    [Fact]
    public async Task What_is_sent_is_somebodys_where_the_test_says_whose() =>
        Assert.Empty(await Tested.FailuresAsync(
            """
            send = [
              { in { peer { identity = office, attributes { team = blue } }, messages = [{ n = 1 }] } }
              { in { peer { address = "tcp://10.0.0.7:1", routing-id = seven }, messages = [{ n = 2 }] } }
              { in = [{ n = 3 }] }
            ]
            expect { out { messages = [{ n = 1, who = office, team = blue }, { n = 2, who = { absent = true }, at = "tcp://10.0.0.7:1" }, { n = 3, who = { absent = true } }] } }
            """,
            """
            router {
              inputs { in { type = stdin, to = who } }
              filters { who { type = set, from-peer { who = identity, at = address, team = attributes.team }, to = out } }
              outputs { out { type = stdout } }
            }

            """));

    [Theory]
    [InlineData("capacity = 3")]
    [InlineData("max-bytes = 2KiB")]
    public async Task Nothing_is_dropped_only_because_much_is_sent_at_once(string mailbox)
    {
        var node = Tested.Node.Replace("path = all.log", $"path = all.log, mailbox {{ {mailbox} }}", StringComparison.Ordinal);

        Assert.Empty(await Tested.FailuresAsync($"send {{ live {{ count = 1000, message = \"\"\"{{\"n\":${{n}},\"text\":\"{new string('x', 200)}\"}}\"\"\" }} }}\nexpect {{ all {{ count = 1000, dropped = 0 }} }}", node));
    }

    [Fact]
    public async Task What_comes_of_a_timer_is_waited_for_as_long_as_the_test_says()
    {
        const string Node = """
            router {
              inputs { in { type = stdin, to = work } }
              filters { work { type = null, to = out } }
              outputs { out { type = stdout } }
            }

            """;

        Assert.Empty(await Tested.FailuresAsync("run-for = 1h\nsend { in { at = 30m, messages = [{}] } }\ngiven { out { stuck = true, until = 50m } }\nexpect { out { count = 1, after = 50m } }", Node));
    }

    [Fact]
    public async Task A_node_that_is_stopped_hands_on_what_it_held_back() =>
        Assert.Empty(await Tested.FailuresAsync("send { in { at = 1s, messages = [{ n = 2 }] } }\ngiven { out { stuck = true } }\nstop = true\nexpect { out { queued = 0, dropped { shutdown = 1 } }, late { out = 1 } }"));

    [Fact]
    public async Task A_test_that_does_not_end_says_what_it_hangs_on()
    {
        var failures = await Tested.FailuresAsync("time-limit = 5s\nsend { in = [{ n = 1 }] }\nexpect { out { count = 2 } }");

        Assert.StartsWith("the test hangs: after 0ms of its own time it is not at rest, and its `time-limit` is 5s; still to be done: filters.late", failures, StringComparison.Ordinal);
        Assert.Contains("component ", failures, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_that_does_not_come_back_fails_its_test_and_no_other()
    {
        var node = Tested.Node.Replace("type = delay, delay = 10s", "type = csharp, code = \"System.Threading.Thread.Sleep(5000); return message;\"", StringComparison.Ordinal);
        var file = Tested.Read("tests { hangs { send { in = [{ n = 1 }] }, expect { out { count = 2 } } }, passes { expect { out = none } } }", node);
        List<TestResult> results = [];

        await TestRunner.RunAsync([file.Tests[0] with { Patience = TimeSpan.FromMilliseconds(500) }, file.Tests[1]], results.Add);

        Assert.Matches(@"^the test hangs: filters\.late \(\S+node\.conf:\d+:\d+\) does not come back from its own code$", results[0].Failures.Single().Message);
        Assert.True(results[1].HasPassed);
    }

    [Fact]
    public async Task A_filter_that_cannot_start_fails_its_test_at_its_place()
    {
        using var folder = new TempFolder();
        var plugin = new PluginFolder(folder.Path).Compile("Acme.dll", """
            public sealed class Unopened : FilterActor
            {
                protected override void Open() => throw new InvalidOperationException("No database.");

                protected override Message Filter(Message message) => message;
            }
            """);
        var node = Tested.Node.Replace("{ type = delay, delay = 10s,", "{ class = Unopened,", StringComparison.Ordinal);

        var failures = await Tested.FailuresAsync("expect { out = none }", $"router.plugins = [\"{plugin}\"]\n{node}");

        Assert.StartsWith("the node does not start: filters.late could not be started: No database", failures, StringComparison.Ordinal);
        Assert.Contains("node.conf:", failures, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_between_the_doubles_is_real()
    {
        const string Node = """
            router {
              errors { type = stderr, rate-limit = 2 }
              inputs { in { type = zeromq, socket-type = pull, bind = "tcp://*:0", to = work } }
              filters {
                work {
                  type = csharp, code = "return (int)message[\"n\"] % 4 == 0 ? throw new Exception(\"four\") : message.With(\"copy\", 1);"
                  instances = 4, route = hash(user), retry { attempts = 2, backoff = 1s }, to = [slim]
                }
                slim { type = remove, fields = [secret], to = out }
              }
              outputs { out { type = zeromq, socket-type = push, connect = "tcp://127.0.0.1:1" } }
            }

            """;

        Assert.Empty(await Tested.FailuresAsync("""
            send { in { count = 16, message = "{\"n\":${n},\"user\":\"ann\",\"secret\":1}" } }
            expect {
              out { count = 12, every { copy = 1, secret = { absent = true } }, first = [{ n = 1 }, { n = 2 }, { n = 3 }, { n = 5 }] }
              work { failed = 4 }
              errors { count = ">= 2", every { attempts = 2 } }
            }
            """, Node));
    }

    [Fact]
    public async Task The_same_test_comes_out_the_same_every_time()
    {
        const string Test = """
            { given { all { fails = true, after = 3, times = 2 }, out { slow = 7ms } }
              send = [{ in { count = 200, rate = 333, message = "{\"n\":${n},\"of\":\"in\"}" } }, { live { count = 200, rate = 777, message = "{\"n\":${n},\"of\":\"live\"}" } }]
              expect { all = none, out = none, errors = none } }
            """;

        var results = await Tested.RunAsync(string.Join('\n', Enumerable.Range(0, 8).Select(n => $"t{n} {Test}")));

        var told = results.Select(result => string.Join('\n', result.Failures.SelectMany(failure => failure.Details))).ToList();
        Assert.Equal(8, told.Count);
        Assert.All(told, details => Assert.Equal(told[0], details));
        Assert.Contains("\"of\":\"live\"", told[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_come_in_the_order_of_the_file()
    {
        var results = await Tested.RunAsync(string.Concat(Enumerable.Range(0, 50).Select(n => $"t{n} {{ send {{ in {{ count = {(50 - n) * 20}, message = \"{{}}\" }} }}, expect {{ all {{ count = {(50 - n) * 20} }} }} }}\n")));

        Assert.Equal(Enumerable.Range(0, 50).Select(n => $"t{n}"), results.Select(result => result.Test.Name));
        Assert.All(results, result => Assert.Empty(result.Failures));
    }
}
