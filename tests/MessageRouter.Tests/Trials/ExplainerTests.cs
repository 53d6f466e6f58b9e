using System.Text;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;
using MessageRouter.Trials;
using Microsoft.Extensions.DependencyInjection;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Tests.Trials;

public sealed class ExplainerTests
{
    private static readonly TimeSpan Limit = TestNode.Patience;

    [Theory]
    [InlineData("type = key, key = level, match = error", """{"level":"error"}""", "passed", "passes it on", "`level` is \"error\", as `match` says")]
    [InlineData("type = key, key = level, match = error", """{"level":"info"}""", "stopped", "stops it", "`level` is \"info\", not \"error\"")]
    [InlineData("type = key, key = level, match = error", """{"n":1}""", "stopped", "stops it", "it has no `level`")]
    [InlineData("type = key, key = n, match = 0", """{"n":"0"}""", "passed", "passes it on", "`n` is \"0\", as `match` says")]
    [InlineData("type = key, key = path, match = \"^/admin\", match-type = regex", """{"path":"/admin/x"}""", "passed", "passes it on", "`path` is \"/admin/x\", in which `^/admin` is found")]
    [InlineData("type = key, key = path, match = \"^/admin\", match-type = regex", """{"path":"/"}""", "stopped", "stops it", "`path` is \"/\", in which `^/admin` is not found")]
    [InlineData("type = null", "1", "passed", "passes it on", "every message goes on")]
    [InlineData("type = tee", "1", "passed", "passes it on", "every message goes on")]
    [InlineData("type = all", "1", "stopped", "stops it", "no message goes on")]
    [InlineData("type = set, fields { site = berlin }", """{"n":1}""", "changed", "passes it on, changed", "`site` is set to \"berlin\"; it was not there")]
    [InlineData("type = set, fields { n = 2 }", """{"n":1}""", "changed", "passes it on, changed", "`n` is set to 2; it was 1")]
    [InlineData("type = set, fields { n = 2 }", "[]", "failed", "fails on it: The message is not a JSON object, so it has no fields to edit", "`n` is set to 2; it was not there")]
    [InlineData("type = remove, fields = [a, b]", """{"a":1}""", "changed", "passes it on, changed", "`a` is removed", "it has no `b`")]
    [InlineData("type = remove, fields = [b]", """{"a":1}""", "passed", "passes it on", "it has no `b`")]
    [InlineData("type = rename, fields { msg = message }", """{"msg":1}""", "changed", "passes it on, changed", "`msg` becomes `message`")]
    [InlineData("type = delay, delay = 1h", "1", "passed", "passes it on after 1 h", "each message is held for 1 h")]
    [InlineData("""type = csharp, when = "message[\"n\"] > 5" """, """{"n":7}""", "passed", "passes it on", "its `when` says so, where `n` is 7")]
    [InlineData("""type = csharp, when = "message[\"n\"] > 5" """, "1", "stopped", "stops it", "its `when` says so, where `n` is not there")]
    [InlineData("""type = csharp, code = "return null;" """, "1", "stopped", "stops it", "its `code` says so")]
    [InlineData("""type = csharp, code = "throw new MessageException(\"no\");" """, "1", "failed", "fails on it: no", "its `code` says so")]
    [InlineData("""type = key, key = n, match = 1, instances = 3, route = "hash(n)" """, """{"n":1}""", "passed", "passes it on", "copy 2 of 3 has it, as all whose `n` is 1", "`n` is 1, as `match` says")]
    [InlineData("""type = null, instances = 2, route = least-busy """, "1", "passed", "passes it on", "copy 1 of 2 has it, which has the least to do", "every message goes on")]
    [InlineData("type = null, instances = 2", "1", "passed", "passes it on", "copy 1 of 2 has it, in turn", "every message goes on")]
    public async Task A_filter_says_what_it_does_and_why(string filter, string message, string outcome, string text, params string[] reasons)
    {
        var explanation = await ExplainAsync($"router {{ inputs.in {{ type = null, to = f }}, filters.f {{ {filter}, to = out }}, outputs.out {{ type = null }} }}", message);
        var step = explanation.Step.Passed[0].To[0];

        Assert.Equal((outcome, text), (step.Outcome, step.Text));
        Assert.Equal(reasons, step.Reasons.Select(reason => reason.Text));
    }

    [Theory]
    [InlineData("json", "no json", "failed", "cannot read it as JSON: ")]
    [InlineData("json", "{}", "passed", "reads it as JSON")]
    [InlineData("text", "no json", "passed", "reads it as text")]
    [InlineData("bytes", "no json", "passed", "reads it as bytes")]
    public async Task An_input_reads_it_by_its_codec(string codec, string message, string outcome, string text)
    {
        var explanation = await ExplainAsync($"router {{ inputs.in {{ type = stdin, decode = {codec}, to = out }}, outputs.out {{ type = null }} }}", message);

        Assert.Equal(outcome, explanation.Step.Outcome);
        Assert.StartsWith(text, explanation.Step.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reason_has_the_line_that_has_decided()
    {
        var explanation = await ExplainAsync(
            """
            router {
              inputs.in { type = null, to = f }
              filters.f {
                type = remove
                fields = [
                  a
                  b
                ]
                to = out
              }
              outputs.out { type = null }
            }
            """, """{"a":1,"b":2}""");

        Assert.Equal(["test.conf:6:7: a", "test.conf:7:7: b"], explanation.Step.Passed[0].To[0].Reasons.Select(reason => $"{reason.Place}: {reason.Line}"));
    }

    [Fact]
    public async Task What_has_changed_is_told_field_by_field()
    {
        var explanation = await ExplainAsync(
            """router { inputs.in { type = null, to = f }, filters.f { type = csharp, code = "return message.With(\"a.b\", 2).Without(\"secret\").With(\"new\", true);", to = out }, outputs.out { type = null } }""",
            """{"a":{"b":1,"c":0},"secret":"x","list":[1]}""");
        var passed = explanation.Step.Passed[0].To[0].Passed[0];

        Assert.Equal([new FieldChange("a.b", "1", "2"), new FieldChange("secret", "\"x\"", null), new FieldChange("new", null, "true")], passed.Changes);
        Assert.Equal("""{"a":{"b":2,"c":0},"list":[1],"new":true}""", passed.Message!.Text);
    }

    [Fact]
    public async Task All_branches_are_followed_to_where_they_end()
    {
        var explanation = await ExplainAsync(
            """
            router {
              inputs.in { type = stdin, to = [errors-only, archive] }
              filters.errors-only { type = key, key = level, match = error, to = workers }
              outputs { archive { type = file, path = a.log }, workers { type = zeromq, bind = "tcp://127.0.0.1:1", socket-type = push } }
            }
            """, """{"level":"info"}""");

        Assert.Equal(["filters.errors-only", "outputs.archive"], explanation.Step.Passed[0].To.Select(step => step.Component));
        Assert.Equal(["filters.errors-only stops it", "outputs.archive gets it as JSON"], explanation.Ends);
    }

    [Fact]
    public async Task Nothing_outside_is_touched()
    {
        using var folder = new TempFolder();
        var explanation = await ExplainAsync($$"""router { inputs.in { type = zeromq, bind = "tcp://no.such.host.invalid:1", to = out }, outputs.out { type = file, path = "{{folder["out.log"]}}" } }""", "{}");

        Assert.Equal("delivered", explanation.Step.Passed[0].To[0].Outcome);
        Assert.False(File.Exists(folder["out.log"]));
    }

    [Fact]
    public async Task What_a_filter_makes_of_one_message_goes_its_ways_message_by_message()
    {
        var explanation = await ExplainAsync(Some.Chain(Some.Component<ScriptedEmitter>("f", new ScriptedEmitter.Options { Process = ScriptedEmitter.Count })), """{"n":2}""");

        Assert.Equal("makes 2 messages of it", explanation.Step.Text);
        Assert.Equal(["2.1", "2.2"], explanation.Step.Passed.Select(passed => passed.Message!.Text));
        Assert.All(explanation.Step.Passed, passed => Assert.Equal("outputs.sink", passed.To.Single().Component));
    }

    [Fact]
    public async Task What_a_filter_keeps_is_seen_when_its_timer_has_run_out()
    {
        var explanation = await ExplainAsync(Some.Chain(Some.Component<Collector>("f")), "1");

        Assert.Equal("passes it on after 5 s, changed", explanation.Step.Text);
        Assert.Equal(5, explanation.Step.WaitedSeconds);
    }

    [Theory]
    [InlineData(0, "passes it on")]
    [InlineData(3600, "passes it on after 1 h")]
    public async Task An_asynchronous_filter_is_waited_for(int seconds, string text)
    {
        var explanation = await ExplainAsync(Some.Chain(Some.Component<Waiter>("f", new Waiter.Options(TimeSpan.FromSeconds(seconds)))), "1");

        Assert.Equal(text, explanation.Step.Text);
    }

    [Fact]
    public async Task A_failure_says_how_often_it_was_tried_and_who_is_told_of_it()
    {
        var explanation = await ExplainAsync(Some.Chain(ScriptedFilter.Of(_ => throw new InvalidOperationException("broken")) with { Retry = new RetryOptions { Attempts = 3 } }), "1");

        Assert.Equal("fails on it: broken (tried 3 times within 300 ms), and is restarted by its supervision", explanation.Step.Text);
        Assert.Equal(("failed", 3), (explanation.Step.Error!.Kind, explanation.Step.Error.Attempts));
        Assert.StartsWith("System.InvalidOperationException: broken", explanation.Step.Error.Exception, StringComparison.Ordinal);
        Assert.StartsWith("errors (", explanation.Step.Error.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_that_cannot_be_made_says_why()
    {
        var explanation = await ExplainAsync(Some.Chain(Some.Component<ScriptedFilter>("f", new ScriptedFilter.Options { Create = () => throw new InvalidOperationException("no database") })), "1");

        Assert.Equal(("not-started", "cannot be started: no database"), (explanation.Step.Outcome, explanation.Step.Text));
    }

    [Fact]
    public async Task What_filters_keep_they_keep_from_one_message_to_the_next()
    {
        var seen = 0;
        var node = Some.Chain(ScriptedFilter.Of(message => seen++ == 0 ? message : null));
        await using var trial = Trial(node, Limit);
        var explainer = new Explainer(node);

        Assert.Equal("passed", (await explainer.ExplainAsync(trial, node.Components[0], "1"u8.ToArray())).Step.Outcome);
        Assert.Equal("stopped", (await explainer.ExplainAsync(trial, node.Components[0], "1"u8.ToArray())).Step.Outcome);
    }

    [Fact]
    public async Task A_filter_that_does_not_come_back_still_has_it_when_the_time_is_over()
    {
        using var release = new ManualResetEventSlim();
        var node = Some.Chain(ScriptedFilter.Of(message =>
        {
            release.Wait();
            return message;
        }));
        var trial = Trial(node, TimeSpan.FromMilliseconds(300));

        var explanation = await new Explainer(node).ExplainAsync(trial, node.Components[0], "1"u8.ToArray());

        Assert.Equal("held", explanation.Step.Outcome);
        release.Set();
        await trial.DisposeAsync().AsTask().WaitAsync(Limit);
    }

    [Theory]
    [InlineData("inputs.in { type = stdin, to = out }", "wait", "it holds up inputs.in, which stops reading", "inputs.in")]
    [InlineData("inputs.in { type = zeromq, bind = \"tcp://*:0\", to = out }", "drop-newest", "what comes then is dropped, counted as mailbox-full")]
    [InlineData("inputs.in { type = zeromq, bind = \"tcp://*:0\", to = out }, outputs.out.mailbox.overflow = drop-oldest", "drop-oldest", "the oldest that waits is dropped then, counted as evicted")]
    [InlineData("inputs.in { type = zeromq, bind = \"tcp://*:0\", to = out }, outputs.out.mailbox.overflow = wait", "wait", "it holds up inputs.in, which drops what comes in", "inputs.in")]
    [InlineData("inputs.in { type = stdin, to = f }, filters.f { type = null, instances = 2, to = out }", "wait", "it holds up filters.f, then inputs.in, which stops reading", "filters.f", "inputs.in")]
    [InlineData("inputs.in { type = zeromq, bind = \"tcp://*:0\", to = f }, filters.f { type = null, to = out }, outputs.out.mailbox.overflow = wait", "wait", "it holds up filters.f, which drops messages for want of room", "filters.f")]
    public async Task A_mailbox_says_what_happens_when_it_is_full_and_who_is_held_up(string node, string policy, string text, params string[] heldUp)
    {
        var explanation = await ExplainAsync($"router {{ outputs.out {{ type = null }}, {node} }}", "1");
        var last = explanation.Step;
        while (last.Passed[0].To is [var next]) last = next;

        Assert.Equal(policy, last.Mailbox.Policy);
        Assert.Equal($"full at 10000 messages or 16 MiB: {text}", last.Mailbox.Text);
        Assert.Equal(heldUp, last.Mailbox.HeldUp ?? []);
    }

    [Theory]
    [InlineData(null, "there are 2 inputs; name one of them: app-logs, web")]
    [InlineData("app-lgos", "there is no input `app-lgos`; did you mean `app-logs`?")]
    [InlineData("x", "there is no input `x`; there are app-logs, web")]
    public void A_name_that_means_no_component_is_refused(string? name, string expected)
    {
        Assert.Null(TrialStart.Find(Some.Node(Some.Component<InputDouble>("app-logs"), Some.Component<InputDouble>("web")), name, out var problem));
        Assert.Equal(expected, problem);
    }

    private static Task<Explanation> ExplainAsync(string hocon, string message) =>
        ExplainAsync(NodeReader.Read(HoconReader.ReadText("test.conf", hocon), BuiltIns.Registry()), message);

    private static async Task<Explanation> ExplainAsync(NodeDefinition node, string message)
    {
        await using var trial = Trial(node, Limit);
        return await new Explainer(node).ExplainAsync(trial, node.Components[0], Encoding.UTF8.GetBytes(message));
    }

    private static TrialNode Trial(NodeDefinition node, TimeSpan limit) => new(node, new ServiceCollection().AddLogging().AddComponentServices().BuildServiceProvider(), limit);

    private sealed class Waiter(Waiter.Options options) : AsyncFilterActor
    {
        protected override async Task<Message?> FilterAsync(Message message, CancellationToken cancellation)
        {
            await Task.Yield();
            await Task.Delay(options.Pause, Clock, cancellation);
            return message;
        }

        internal sealed record Options(TimeSpan Pause);
    }

    private sealed class Collector : EmittingFilterActor
    {
        private int _count;

        public Collector() => Receive<string>(_ =>
        {
            Emit(Message.FromBody(new JObject { ["count"] = _count }));
            _count = 0;
        });

        protected override void Open() => Timers.StartPeriodicTimer("tick", "tick", TimeSpan.FromSeconds(5));

        protected override void Process(Message message) => _count++;
    }
}
