namespace MessageRouter.Tests.Testing;

/// <summary>Each mistake in a test, with its place and its cure.</summary>
public class MistakeTests
{
    private const string Fine = "expect { all = [] }";

    [Theory]
    [InlineData("sned { in = [] }\n" + Fine, "unknown key `sned` for test `t`", "t.conf:3:1", "did you mean `send`?")]
    [InlineData("send { in = [] }", "test `t` expects nothing", "t.conf:2:9", "write expect {")]
    [InlineData("run-for = soon\n" + Fine, "`run-for` of test `t`: expected a duration such as 200ms, found `soon`", "t.conf:3:11")]
    [InlineData("run-for = 2d\n" + Fine, "`time-limit` must not be shorter than `run-for`", "t.conf:2:9")]
    [InlineData("expect = 3", "`expect` of test `t` must be a block", "t.conf:3:10")]
    [InlineData("send = 3\n" + Fine, "`send` must be a block, or a list of them", "t.conf:3:8")]
    [InlineData("send { inn = [] }\n" + Fine, "the node has no component `inn`", "t.conf:3:8", "did you mean `in`?")]
    [InlineData("send { all = [] }\n" + Fine, "messages can be sent to inputs, and output `all` is none", "t.conf:3:8")]
    [InlineData("send { in { level = error } }\n" + Fine, "what is sent to input `in` needs one of `message`, `messages`, `from`, `lines`", "t.conf:3:8", "to send an object as a message, put it in a list")]
    [InlineData("send { in { rate = 3 } }\n" + Fine, "needs one of `message`", "t.conf:3:8")]
    [InlineData("send { in { message = a, messages = [] } }\n" + Fine, "needs one of `message`", "t.conf:3:26")]
    [InlineData("send { in { messages = [], count = 3 } }\n" + Fine, "`count` of what is sent to input `in` goes with `message`", "t.conf:3:28")]
    [InlineData("send { in { message = a, count = 0 } }\n" + Fine, "`count` must be 1 to 1000000", "t.conf:3:34")]
    [InlineData("send { in { message = \"%{random}\" } }\n" + Fine, "cannot have %{random}", "t.conf:3:23")]
    [InlineData("send { in { message = \"%{nn}\" } }\n" + Fine, "has an unknown placeholder %{nn}", "t.conf:3:23")]
    [InlineData("send { in { from = none.jsonl } }\n" + Fine, "cannot read ", "t.conf:3:20")]
    [InlineData("given { al { stuck = true } }\n" + Fine, "the node has no component `al`", "t.conf:3:9", "did you mean `all`?")]
    [InlineData("given { filters.wrk { fails = true } }\n" + Fine, "the node has no component `filters.wrk`", "t.conf:3:17", "did you mean `work`?")]
    [InlineData("given { in { stuck = true } }\n" + Fine, "nothing can be given of input `in`", "t.conf:3:9", "what it brings is what the test sends")]
    [InlineData("given { work { stuck = true } }\n" + Fine, "unknown key `stuck` for what is given of filter `work`", "t.conf:3:16", "known keys: fails, times, after, from, until, when")]
    [InlineData("given { all { stuk = true } }\n" + Fine, "unknown key `stuk` for what is given of output `all`", "t.conf:3:15", "did you mean `stuck`?")]
    [InlineData("given { all { stuck = true, slow = 1s } }\n" + Fine, "one condition each", "t.conf:3:9")]
    [InlineData("given { all { stuck = true, from = 2s, until = 1s } }\n" + Fine, "`until` must be later than `from`", "t.conf:3:48")]
    [InlineData("given { all { stuck = true, when { n = 1 } } }\n" + Fine, "`when` of output `all` goes with `fails`", "t.conf:3:29")]
    [InlineData("given { all = stuck }\n" + Fine, "`all` must be a block, or a list of them", "t.conf:3:15")]
    [InlineData("given { mail { dies-after = never } }\n" + Fine, "`dies-after` of what is given of worker processes `mail`", "t.conf:3:29")]
    [InlineData("expect { al = [] }", "the node has no component `al`", "t.conf:3:10", "did you mean `all`?")]
    [InlineData("expect { xyz = [] }", "the node has no component `xyz`", "t.conf:3:10", "it has in, live, work, late, out, all, errors, mail")]
    [InlineData("expect { all { coun = 3 } }", "unknown key `coun` for what is expected of output `all`", "t.conf:3:16", "did you mean `count`?")]
    [InlineData("expect { work { messages = [] } }", "unknown key `messages` for what is expected of filter `work`", "t.conf:3:17", "known keys: in, out,")]
    [InlineData("expect { work = [] }", "what is expected of filter `work` must be a block", "t.conf:3:17")]
    [InlineData("expect { all = 3 }", "what is expected of output `all` must be a block, or a list of messages", "t.conf:3:16")]
    [InlineData("expect { all { count = many } }", "`count` of what is expected of output `all` must be a number, or one such as \">= 3\" or \"3..5\"", "t.conf:3:24")]
    [InlineData("expect { all { count = 5..3 } }", "`count` of what is expected of output `all` must be a number", "t.conf:3:24")]
    [InlineData("expect { all { dropped { mailbox-full = all } } }", "`mailbox-full` of what is expected of output `all` must be a number", "t.conf:3:41")]
    [InlineData("expect { all { order = upwards } }", "`order` of what is expected of output `all` is `kept` or `any`", "t.conf:3:24")]
    [InlineData("expect { all { within = soon } }", "`within` of what is expected of output `all`: expected a duration", "t.conf:3:25")]
    [InlineData("expect { all { stopped = perhaps } }", "`stopped` of what is expected of output `all`: expected true or false", "t.conf:3:26")]
    [InlineData("expect { all = [{ m = { regex = \"(\" } }] }", "`regex` is no regular expression", "t.conf:3:33")]
    [InlineData("expect { all = [{ m = { above = high } }] }", "`above`: expected a number, found `high`", "t.conf:3:33")]
    [InlineData("expect { all = [null] }", "must be messages, and null is none", "t.conf:3:17")]
    public void Is_told(string test, string message, string place, string hint = "")
    {
        var mistakes = Tested.Mistakes(test);

        Assert.Contains(message, mistakes, StringComparison.Ordinal);
        Assert.Contains(place + "\n", mistakes, StringComparison.Ordinal);
        Assert.Contains(hint, mistakes, StringComparison.Ordinal);
        Assert.EndsWith("1 error; nothing was started.\n", mistakes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("test { }", "has no `tests` block", "did you mean `tests`?")]
    [InlineData("", "has no `tests` block", "write tests {")]
    [InlineData("tests = 3", "`tests` must be a block", "write tests {")]
    [InlineData("tests { a = 3 }", "test `a` must be a block", "write \"…\" {")]
    [InlineData("tests { a { expect { all = [] } }", "this `{` is never closed", "")]
    public void A_file_without_proper_tests_is_told(string text, string message, string hint)
    {
        var mistakes = MessageRouter.Configuration.DiagnosticPrinter.Print(Tested.Read(text).Diagnostics);

        Assert.Contains(message, mistakes, StringComparison.Ordinal);
        Assert.Contains(hint, mistakes, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_takes_out_a_test_of_a_file_that_is_included()
    {
        var file = Tested.Read("tests { a = null, b { expect { all = [] } } }");

        Assert.Empty(file.Diagnostics);
        Assert.Equal("b", file.Tests.Single().Name);
    }
}
