namespace MessageRouter.Tests.Testing;

/// <summary>What components of a tested node can be made to go through.</summary>
public class GivenTests
{
    [Theory]
    [InlineData("an output that is stuck takes nothing, and what cannot wait is dropped",
        "all { stuck = true }", """live { count = 10050, message = "{}", rate = 10000 }""", "all { count = 0, queued = 10000, dropped { mailbox-full = 50 } }")]
    [InlineData("an output that is stuck holds up those that wait",
        "all { stuck = true }", """in { count = 30000, message = "{}" }""", "in { queued = \"> 0\" }, all { count = 0, queued = \">= 10000\", dropped = 0 }, out { count = \"> 0\" }")]
    [InlineData("an output that is stuck for a while takes all afterwards, in order",
        "all { stuck = true, until = 1m }", """in { count = 5, message = "{\"n\":${n}0}", rate = 1 }""", "all { messages = [{ n = 10 }, { n = 20 }, { n = 30 }, { n = 40 }, { n = 50 }], after = 1m, within = 1m }")]
    [InlineData("an output that gets stuck later has taken what came before",
        "all { stuck = true, from = 2500ms }", """in { count = 5, message = "{\"n\":${n}0}", rate = 1 }""", "all { count = 3, queued = 2 }")]
    [InlineData("a slow output takes one message after the other",
        "all { slow = 1s }", """in { count = 5, message = "{\"n\":${n}0}" }""", "all { count = 5, first = { n = 10 }, last = { n = 50 }, after = 1s, within = 5s }")]
    [InlineData("an output that fails loses the message alone",
        "all { fails = \"disk full\", after = 1, times = 2 }", """in { count = 5, message = "{\"n\":${n}0}" }""", "all = [{ n = 10 }, { n = 40 }, { n = 50 }], errors = [{ component = outputs.all, error = disk full }, { payload = { regex = 30 } }]")]
    [InlineData("an output that fails on certain messages takes the others",
        "all { fails = true, when { n = { above = 40 } } }", """in { count = 5, message = "{\"n\":${n}0}" }""", "all { count = 4 }, errors { count = 1 }")]
    [InlineData("an output that is absent for a while is opened again and loses nothing",
        "all { absent = true, from = 1500ms, until = 4s }", """in { count = 5, message = "{\"n\":${n}0}", rate = 1 }""", "all { messages = [{ n = 10 }, { n = 20 }, { n = 30 }, { n = 40 }, { n = 50 }], restarts = \">= 1\" }")]
    [InlineData("a filter that fails loses the message alone",
        "work { fails = \"no database\", times = 1 }", """in { count = 2, message = "{\"n\":${n}0}" }""", "work { failed = 1, out = 1 }, errors = [{ component = filters.work, error = no database }]")]
    [InlineData("conditions follow one another",
        "all = [{ stuck = true, until = 5s }, { slow = 1s, from = 5s }]", """in { count = 2, message = "{\"n\":${n}0}" }""", "all { count = 2, after = 6s, within = 7s }")]
    [InlineData("the output of the error chain can be stuck too",
        "errors { stuck = true }, work { fails = true }", """in { count = 2, message = "{\"n\":${n}0}" }""", "errors { queued = 2 }")]
    public async Task Is_gone_through(string what, string given, string send, string expect)
    {
        var failures = await Tested.FailuresAsync($"given {{ {given} }}\nsend {{ {send} }}\nexpect {{ {expect} }}");

        Assert.True(failures.Length == 0, $"{what}:\n{failures}");
    }

    [Theory]
    [InlineData("work { type = null, retry { attempts = 3, backoff = 1s }, to = out }", "out { count = 1, after = 1s }, errors = none")]
    [InlineData("work { type = csharp, when = \"true\", instances = 2, to = out }", "errors { count = 1 }, work { failed = 1 }")]
    [InlineData("work { type = split, field = n, to = out }", "errors { count = 1 }, work { failed = 1 }")]
    [InlineData("work { type = look-up, file = none, to = out }", "errors = [{ error = as given }]")]
    public async Task Filters_of_every_form_can_fail(string filter, string expect)
    {
        var node = $$"""router { plugins = ["{{Path.Combine(AppContext.BaseDirectory, "plugins", "MessageRouter.TestPlugin.dll")}}"], inputs { in { type = stdin, to = work } }, filters { {{filter}} }, outputs { out { type = stdout } } }""";

        Assert.Empty(await Tested.FailuresAsync($"given {{ work {{ fails = as given, times = 1 }} }}\nsend {{ in = [{{ n = 1 }}] }}\nexpect {{ {expect} }}", node));
    }

    [Theory]
    [InlineData("", "all { queued = 5, restarts = \"> 3\", stopped = false }")]
    [InlineData("max-restarts = 3, within = 1m", "all { queued = 0, restarts = \">= 3\", stopped = true, dropped { stopped = 5 } }")]
    public async Task An_output_that_stays_absent_is_dealt_with_by_its_supervision(string supervision, string expect)
    {
        var node = Tested.Node.Replace("path = all.log", $"path = all.log, supervision {{ {supervision} }}", StringComparison.Ordinal);

        Assert.Empty(await Tested.FailuresAsync($"given {{ all {{ absent = true }} }}\nrun-for = 1m\nsend {{ in {{ count = 5, message = \"{{}}\" }} }}\nexpect {{ {expect} }}", node));
    }

    [Fact]
    public async Task Worker_processes_die_and_are_started_again()
    {
        Assert.Empty(await Tested.FailuresAsync("""
            given { workers.mail { dies-after = 20s, times = 3 } }
            run-for = 90s
            expect { workers.mail { restarts = 3, running = 2 } }
            """));
    }

    [Fact]
    public async Task Worker_processes_that_die_too_often_are_given_up()
    {
        Assert.Empty(await Tested.FailuresAsync("""
            given { mail { dies-after = 10ms } }
            run-for = 1h
            expect { mail { running = 0 } }
            """));
    }
}
