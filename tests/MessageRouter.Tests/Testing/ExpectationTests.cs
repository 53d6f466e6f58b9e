namespace MessageRouter.Tests.Testing;

/// <summary>Each thing that a test can expect, where it is so and where it is not.</summary>
public class ExpectationTests
{
    /// <summary>1 goes through <c>work</c> at once, 2 ends there, and 4 with a text goes through again; all come 10 s later by <c>late</c>.</summary>
    private const string Send = """send { in = [{ n = 1, user { name = ann } }, { n = 2 }, { n = 4, text = "a b" }] }""";

    [Theory]
    [InlineData("all = [{ n = 1 }, { n = 2 }, { n = 4 }]")]
    [InlineData("all = [{ user.name = ann }, {}, { text = { regex = \"^a\" } }]")]
    [InlineData("all = [\"\"\"{\"n\":1.0}\"\"\", { n = { one-of = [2, 3] } }, { n = { not = 5 }, user = { absent = true } }]")]
    [InlineData("all { messages = [{ n = 4 }, { n = 1 }, { n = 2 }], order = any }")]
    [InlineData("all { messages = [{ n = 1, user = { name = ann } }, { n = 2 }, { n = 4, text = a b }], exact = true }")]
    [InlineData("all { first = [{ n = 1 }], last = { n = 4 }, contains = [{ n = 1 }, { n = 4 }], count = 3 }")]
    [InlineData("all { contains = [{ n = 4 }, { n = 1 }], order = any, none = [{ n = { above = 4 } }], every { n = { at-least = 1, at-most = 4 } } }")]
    [InlineData("all { count = 3..4, in = \">= 3\", out = \"< 4\", queued = 0, dropped = 0, restarts = 0, stopped = no }")]
    [InlineData("outputs.all { count = 3 }, filters { work { filtered = 1, failed = 0, created = 0 } }, inputs.in { out = 3 }")]
    [InlineData("out { count = 5, within = 10s }, all { within = 0s }")]
    [InlineData("out { last = [{ n = 1 }, { n = 2 }, { n = 4 }] }, errors = none, errors { count = 0 }")]
    [InlineData("all { last = [{ user = { exactly = { name = ann } } }, {}, {}] }, live { in = 0 }")]
    [InlineData("workers.mail { restarts = 0, running = 2 }")]
    public async Task Holds(string expect) => Assert.Empty(await Tested.FailuresAsync($"{Send}\nexpect {{ {expect} }}"));

    [Theory]
    [InlineData("all = [{ n = 1 }, { n = 2 }]", "outputs.all has got other messages than expected: 3 messages, expected 2", "+ 3: {\"n\":4,\"text\":\"a b\"}")]
    [InlineData("all = [{ n = 1 }, { n = 2 }, { n = 4 }, { n = 5 }]", "3 messages, expected 4", "- 4: { n = 5 }")]
    [InlineData("all = [{ n = 1 }, { n = 3 }, { n = 4 }]", "- 2: { n = 3 }", "+ 2: {\"n\":2}", "n: expected 3, got 2")]
    [InlineData("all = [{ n = 1 }, { n = 4 }, { n = 2 }]", "other messages than expected")]
    [InlineData("all = [{ n = 1, user.name = bob }, {}, {}]", "user.name: expected \"bob\", got \"ann\"")]
    [InlineData("all = [{ n = \"1\" }, {}, {}]", "n: expected \"1\", got 1")]
    [InlineData("all = [{ user = { absent = true } }, {}, {}]", "user: expected nothing, got {\"name\":\"ann\"}")]
    [InlineData("all = [{ text = { present = true } }, {}, {}]", "text: expected anything, got nothing")]
    [InlineData("all = [{}, {}, { text = { regex = \"^b\" } }]", "text: expected /^b/, got \"a b\"")]
    [InlineData("all { messages = [{ n = 1 }, { n = 2 }, { n = 4 }], exact = true }", "user: not expected, got {\"name\":\"ann\"}")]
    [InlineData("all { messages = [{ n = 1 }, { n = 1 }, { n = 4 }], order = any }", "- 2: { n = 1 }", "+ 2: {\"n\":2}")]
    [InlineData("all { first = [{ n = 2 }] }", "outputs.all begins with other messages than expected", "n: expected 2, got 1")]
    [InlineData("all { last = [{ n = 2 }] }", "outputs.all ends with other messages than expected")]
    [InlineData("all { contains = [{ n = 4 }, { n = 1 }] }", "has not got all that is expected among its 3 messages", "- 2: { n = 1 }")]
    [InlineData("all { none = [{ n = 2 }] }", "outputs.all has got 1 message that nobody expects", "+ 2: {\"n\":2}")]
    [InlineData("all { every = { n = { below = 3 } } }", "outputs.all has got 1 message unlike { n = below 3 }", "n: expected below 3, got 4")]
    [InlineData("all = none", "outputs.all has got 3 messages, expected none")]
    [InlineData("all { count = 4 }", "outputs.all: `count` is 3, expected 4")]
    [InlineData("all { in = \"> 3\" }", "outputs.all: `in` is 3, expected > 3")]
    [InlineData("all { dropped = 1 }", "outputs.all: `dropped` is 0, expected 1")]
    [InlineData("all { dropped { mailbox-full = 1 } }", "outputs.all has dropped other messages than expected", "mailbox-full: expected 1, got 0")]
    [InlineData("all { stopped = true }", "outputs.all has not been stopped by its supervision")]
    [InlineData("work { filtered = 3..5 }", "filters.work: `filtered` is 1, expected 3..5")]
    [InlineData("out { within = 9s }", "outputs.out has got 3 messages later than 9s after the begin", "the last after 10s: {\"n\":4,\"text\":\"a b\"}")]
    [InlineData("out { after = 1s }", "outputs.out has got 2 messages earlier than 1s after the begin", "the first after 0ms: {\"n\":1,\"user\":{\"name\":\"ann\"}}")]
    [InlineData("errors { count = 1 }", "errors: `count` is 0, expected 1")]
    [InlineData("errors { within = 1s }", "errors has got no message")]
    [InlineData("workers { mail { running = 1 } }", "workers.mail: `running` is 2, expected 1")]
    public async Task Fails_with_what_differs(string expect, params string[] told)
    {
        var failures = await Tested.FailuresAsync($"{Send}\nexpect {{ {expect} }}");

        Assert.All(told, text => Assert.Contains(text, failures, StringComparison.Ordinal));
        Assert.Contains("t.conf:5:", failures, StringComparison.Ordinal);
        Assert.Contains("^", failures, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_place_is_the_first_message_that_has_not_come()
    {
        var failures = await Tested.FailuresAsync("send { in = [{ n = 1 }] }\nexpect { all = [\n{ n = 1 }\n{ n = 7 }\n] }");

        Assert.Contains("t.conf:7:1\n", failures, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_must_be_expected()
    {
        const string Send = "send { in = [{ n = 3 }] }";

        var failures = await Tested.FailuresAsync($"{Send}\nexpect {{ all {{ count = 1 }} }}");

        Assert.StartsWith("the test has 1 error that it does not expect\n", failures, StringComparison.Ordinal);
        Assert.Contains("+ filters.work failed: three; the message: {\"n\":3}", failures, StringComparison.Ordinal);
        Assert.Empty(await Tested.FailuresAsync($"{Send}\nexpect {{ errors = [{{ component = filters.work, kind = failed, error = three, payload = {{ regex = 3 }} }}] }}"));
    }

    [Fact]
    public async Task All_that_is_not_as_expected_is_told_at_once()
    {
        var failures = await Tested.FailuresAsync("send { in = [{ n = 1 }] }\nexpect { all { count = 2, in = 3 }, work { out = 4 } }");

        Assert.Equal(3, failures.Split("expected ").Length - 1);
    }
}
