using System.Xml.Linq;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Cli;

public sealed class TestCommandTests : IDisposable
{
    private const string Node = "router { inputs { in { type = stdin, to = out } }, outputs { out { type = stdout } } }\n";

    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Tests_that_pass_are_listed_and_counted()
    {
        var file = Write("t.conf", """one { send { in = [{ a = 1 }] }, expect { out = [{ a = 1 }] } }, two { expect { out = none } }""");

        Assert.Equal(0, await _cli.RunAsync("test", file));
        Assert.StartsWith("t.conf\nok      one\nok      two\n\n2 tests passed, in ", _cli.Output, StringComparison.Ordinal);
        Assert.Empty(_cli.Error);
    }

    [Fact]
    public async Task A_test_that_fails_shows_its_line_and_what_differs_and_the_exit_code_is_1()
    {
        var file = Write("t.conf", """one { send { in = [{ a = 1 }] }, expect { out = [{ a = 2 }] } }, two { expect { out = none } }""");

        Assert.Equal(1, await _cli.RunAsync("test", file));
        Assert.StartsWith("""
            t.conf
            FAILED  one

            outputs.out has got other messages than expected
             --> t.conf:2:58
              |
            2 | tests { one { send { in = [{ a = 1 }] }, expect { out = [{ a = 2 }] } }, two { expect { out = none } } }
              |                                                          ^^^^^^^^^
              - 1: { a = 2 }
              + 1: {"a":1}
                  a: expected 2, got 1

            ok      two

            2 tests, 1 passed, 1 failed, in 
            """, _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_in_all_files_are_told_and_nothing_is_run()
    {
        var (one, two) = (Write("one.conf", "a { expect { ot = [] } }"), Write("two.conf", "a { }"));

        Assert.Equal(78, await _cli.RunAsync("test", one, two));
        Assert.Contains("error: the node has no component `ot`\n --> one.conf:2:22\n", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("error: test `a` expects nothing\n --> two.conf:2:9\n", _cli.Error, StringComparison.Ordinal);
        Assert.EndsWith("2 errors; nothing was started.\n", _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Output);
    }

    [Fact]
    public async Task A_mistake_in_the_node_is_one_too()
    {
        var file = _cli.Write("t.conf", "router { inputs { in { type = stdn, to = out } }, outputs { out { type = stdout } } }\ntests { a { expect { out = none } } }");

        Assert.Equal(78, await _cli.RunAsync("test", file));
        Assert.Contains("did you mean `stdin`?", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_folder_the_files_with_tests_are_run_in_the_order_of_their_names()
    {
        Write("b.conf", "two { expect { out = none } }");
        Write("a.conf", "one { expect { out = none } }");
        _cli.Write("node.conf", Node);

        Assert.Equal(0, await _cli.RunAsync("test", _cli[""]));
        Assert.StartsWith("a.conf\nok      one\n\nb.conf\nok      two\n\n2 tests passed", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_tests_is_a_mistake()
    {
        _cli.Write("node.conf", Node);

        Assert.Equal(78, await _cli.RunAsync("test", _cli[""]));
        Assert.Contains("has no *.conf with a `tests` block", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_chooses_tests_by_their_names()
    {
        var file = Write("t.conf", "one { expect { out = none } }, two { expect { out { count = 7 } } }");

        Assert.Equal(0, await _cli.RunAsync("test", file, "--filter", "ONE"));
        Assert.Contains("1 test passed", _cli.Output, StringComparison.Ordinal);
        Assert.Equal(64, await _cli.RunAsync("test", file, "--filter", "three"));
        Assert.Contains("error: no test has `three` in its name.", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_are_set_over_those_of_the_files()
    {
        var file = Write("t.conf", "one { given { out { stuck = true } }, send { in { count = 5, message = \"{}\" } }, expect { out { queued = 5, dropped { mailbox-full = 3 } } } }");

        Assert.Equal(1, await _cli.RunAsync("test", file));
        Assert.Equal(1, await _cli.RunAsync("test", file, "--set", "router.outputs.out.mailbox.capacity=2"));
        Assert.Contains("mailbox-full: expected 3, got 0", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_are_written_as_JUnit_does()
    {
        var file = Write("t.conf", "one { send { in = [{ a = \"\\u0001<&\" }] }, expect { out = none } }, two { expect { out = none } }");

        Assert.Equal(1, await _cli.RunAsync("test", file, "--junit", _cli["r.xml"]));

        var xml = XDocument.Load(_cli["r.xml"]).Root!;
        Assert.Equal(("testsuites", "2", "1"), (xml.Name.LocalName, xml.Attribute("tests")!.Value, xml.Attribute("failures")!.Value));
        var cases = xml.Element("testsuite")!.Elements("testcase").ToList();
        Assert.Equal(["one", "two"], cases.Select(test => test.Attribute("name")!.Value));
        Assert.Equal("outputs.out has got 1 message, expected none", cases[0].Element("failure")!.Attribute("message")!.Value);
        Assert.Contains("^^^^", cases[0].Element("failure")!.Value, StringComparison.Ordinal);
        Assert.Null(cases[1].Element("failure"));
    }

    [Fact]
    public async Task A_file_for_results_that_cannot_be_written_is_told()
    {
        var file = Write("t.conf", "one { expect { out = none } }");

        Assert.Equal(69, await _cli.RunAsync("test", file, "--junit", _cli["none/r.xml"]));
        Assert.Contains("cannot be written", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watched_tests_run_again_when_a_file_changes_until_a_signal()
    {
        _cli.Write("node.conf", Node);
        var file = _cli.Write("t.conf", "include \"node.conf\"\ntests { one { expect { out { count = 1 } } } }");
        var running = _cli.RunAsync("test", file, "--watch");
        await ShowsAsync("1 test, 0 passed, 1 failed");
        await ShowsAsync("Waiting for a change");

        _cli.Write("t.conf", "include \"node.conf\"\ntests { one { expect { out { coun = 0 } } } }");
        await Eventually.IsTrueAsync(() => _cli.Error.Contains("did you mean `count`?", StringComparison.Ordinal), () => _cli.Error);
        _cli.Write("node.conf", Node.Replace("out", "ut", StringComparison.Ordinal));
        await ShowsAsync("node.conf has changed.");
        _cli.Write("node.conf", Node);
        _cli.Write("t.conf", "include \"node.conf\"\ntests { one { expect { out = none } } }");
        await ShowsAsync("1 test passed");

        await _cli.StopAsync();
        Assert.Equal(0, await running);
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("run")]
    public async Task Other_commands_pass_over_tests_without_a_word(string command)
    {
        var file = Write("t.conf", "one { send { in = 3 }, anything = else }");

        Assert.Equal(0, await _cli.RunAsync(command, file));
        Assert.DoesNotContain("warning", _cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("tests", _cli.Error, StringComparison.Ordinal);
    }

    private string Write(string file, string tests) => _cli.Write(file, $"{Node}tests {{ {tests} }}\n");

    private Task ShowsAsync(string text) => Eventually.IsTrueAsync(() => _cli.Output.Contains(text, StringComparison.Ordinal), () => _cli.Output + _cli.Error);
}
