using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Mailboxes;
using MessageRouter.Routing;

namespace MessageRouter.Tests.Configuration;

public class NodeReaderTests
{
    private static readonly string Plugin = Path.Combine(AppContext.BaseDirectory, "plugins", "MessageRouter.TestPlugin.dll");

    [Fact]
    public void Fills_in_every_default()
    {
        var node = Read("""router { inputs { a { type = null, to = b } }, outputs { b { type = null } } }""");

        Assert.Equal(Environment.MachineName, node.Name);
        Assert.Equal(TimeSpan.FromSeconds(10), node.DrainTimeout);
        Assert.Equal(1000, node.ErrorsPerSecond);
        Assert.Equal("stderr", node.Errors.Type.Name);
        var input = node.Components[0];
        Assert.Equal("inputs.a", input.FullName);
        Assert.Equal(["b"], input.To);
        Assert.Equal(MessageFormat.Json, input.Codec);
        Assert.Equal(new MailboxOptions { Capacity = 10_000, Overflow = null }, input.Mailbox);
        Assert.Equal(new SupervisionOptions(), input.Supervision);
    }

    [Fact]
    public void Takes_the_routers_mailbox_and_supervision_where_a_component_says_nothing_else()
    {
        var node = Read("""
            router {
              mailbox { capacity = 5, overflow = drop-oldest }
              supervision { on-error = resume, backoff { min = 1s } }
              inputs { a { type = null, to = b } }
              outputs { b { type = null, mailbox { capacity = 7 }, supervision { max-restarts = 3 } } }
            }
            """);

        Assert.Equal(new MailboxOptions { Capacity = 5, Overflow = Overflow.DropOldest }, node.Components[0].Mailbox);
        Assert.Equal(new MailboxOptions { Capacity = 7, Overflow = Overflow.DropOldest }, node.Components[1].Mailbox);
        Assert.Equal(
            new SupervisionOptions { OnError = OnError.Resume, MinBackoff = TimeSpan.FromSeconds(1), MaxRestarts = 3 },
            node.Components[1].Supervision);
    }

    [Fact]
    public void Hands_the_akka_block_on_resolved() =>
        Assert.Contains("DEBUG", Read("""
            level = DEBUG
            akka { loglevel = ${level} }
            router { inputs { a { type = null, to = b } }, outputs { b { type = null } } }
            """).AkkaHocon, StringComparison.Ordinal);

    [Theory]
    [InlineData("name = x", "there is no `router` block")]
    [InlineData("router = 5", "`router` must be a block")]
    [InlineData("router { }", "the router has no inputs")]
    [InlineData("router { inputz { } }", "unknown key `inputz` for the router")]
    [InlineData("router { inputs { a { to = b } }, outputs { b { type = null } } }", "input `a` needs a `type` or a `class`")]
    [InlineData("router { inputs { a { type = nul, to = b } }, outputs { b { type = null } } }", "did you mean `null`?")]
    [InlineData("router { inputs { a { type = null, class = X, to = b } }, outputs { b { type = null } } }", "input `a` has both `type` and `class`")]
    [InlineData("router { inputs { a { type = null } } }", "input `a` feeds nothing")]
    [InlineData("router { inputs { a { type = null, to = bb } }, outputs { b { type = null } } }", "input `a` sends to `bb`, which does not exist")]
    [InlineData("router { inputs { a { type = null, to = [b, b] } }, outputs { b { type = null } } }", "input `a` sends to `b` twice")]
    [InlineData("router { inputs { a { type = null, to = a } } }", "input `a` sends to input `a`")]
    [InlineData("router { inputs { a { type = null, to = b } }, outputs { b { type = null }, c { type = null } } }", "nothing feeds output `c`")]
    [InlineData("router { inputs { a { type = null, to = a2 } }, filters { a2 { type = null, to = a2 } } }", "messages would go round for ever: a2 → a2")]
    [InlineData("router { inputs { a { type = null, to = b } }, filters { b { type = null, to = b2 } }, outputs { b { type = null } } }", "output `b` has the same name as filter `b`")]
    [InlineData("router { inputs { \"a b\" { type = null, to = b } }, outputs { b { type = null } } }", "`a b` cannot name a component")]
    [InlineData("router { inputs { a { type = null, to = b, mailbox { capacity = 0 } } }, outputs { b { type = null } } }", "must be at least 1")]
    [InlineData("router { inputs { a { type = null, to = b, mailbox { capacity = many } } }, outputs { b { type = null } } }", "`capacity` of `mailbox` of input `a` (null)")]
    [InlineData("router { inputs { a { type = null, to = b, decode = jason } }, outputs { b { type = null } } }", "did you mean `json`?")]
    [InlineData("router { inputs { a { type = null, to = b } }, outputs { b { type = null, decode = json } } }", "unknown key `decode` for output `b` (null)")]
    [InlineData("router { inputs { a { type = null, to = b } }, outputs { b { type = null } }, errors { type = null, rate-limit = -1 } }", "`rate-limit` of `errors`")]
    [InlineData("router { inputs { a { type = zeromq, bind = \"tcp://*:7001\", to = b } }, outputs { b { type = zeromq, bind = \"tcp://127.0.0.1:7001\" } } }", "output `b` takes tcp://127.0.0.1:7001, which input `a` has taken")]
    [InlineData("router { inputs { a { type = null, to = [b, c] } }, outputs { b { type = file, path = x.log }, c { type = file, path = y/../x.log } } }", "x.log, which output `b` has taken")]
    [InlineData("router { supervision { backoff { min = 1m } }, inputs { a { type = null, to = b } }, outputs { b { type = null } } }", "`backoff.min` is larger than `backoff.max`")]
    [InlineData("router { plugins = [nowhere.dll], inputs { a { type = null, to = b } }, outputs { b { type = null } } }", "there is no file `nowhere.dll`")]
    [InlineData("router { inputs { a { type = null, to = b } }, filters { f { class = \"A.B\", to = b } }, outputs { b { type = null } } }", "there is no class `A.B` for filter `f`")]
    public void Says_what_is_wrong(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<ConfigurationException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Reports_every_mistake_at_once_with_its_place()
    {
        var report = Assert.Throws<ConfigurationException>(() => Read("""
            router {
              inputs { a { typ = null, to = b }, c { type = null, to = nowhere } }
              outputs {
                b { type = null, colour = red }
              }
            }
            """)).Message;

        Assert.Contains("""
            error: unknown key `colour` for output `b` (null)
             --> test.conf:4:22
              |
            4 |     b { type = null, colour = red }
              |                      ^^^^^^ known keys: type, class, mailbox, supervision, encode
            """.ReplaceLineEndings("\n").TrimEnd(), report, StringComparison.Ordinal);
        Assert.Contains("input `a` needs a `type` or a `class`", report, StringComparison.Ordinal);
        Assert.Contains("input `c` sends to `nowhere`, which does not exist", report, StringComparison.Ordinal);
        Assert.Contains("3 errors", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_every_mistake_within_one_block()
    {
        var report = Assert.Throws<ConfigurationException>(() => Read("""
            router {
              inputs { a { type = null, to = b } }
              outputs {
                b {
                  type = zeromq, socket-type = push, connect = "tcp://h", high-water-mark = -1, max-message-size = none
                  subscribe-delay = 1s, colour = red
                  mailbox { capacity = 0, overflow = never }
                  supervision { within = 0s, max-restarts = -1 }
                  reconnect { min = 5s, max = 1s }
                }
              }
            }
            """)).Message;

        foreach (var finding in (string[])["needs a port", "`high-water-mark` must be 0", "`max-message-size` of output `b`", "`subscribe-delay` works only with",
            "unknown key `colour`", "`capacity` must be at least 1", "`overflow` of `mailbox`", "`within` must be more than 0", "`max-restarts` must be", "`max` must not be less than `min`"])
            Assert.Contains(finding, report, StringComparison.Ordinal);
        Assert.Contains("10 errors", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Points_at_a_wrong_default_once()
    {
        var report = Assert.Throws<ConfigurationException>(() => Read("""
            router {
              mailbox { capacity = -1 }
              inputs { a { type = null, to = b } }, outputs { b { type = null } }
            }
            """)).Message;

        Assert.Contains("test.conf:2:24", report, StringComparison.Ordinal);
        Assert.Contains("1 error;", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Warns_of_a_top_level_key_that_looks_like_one_it_reads()
    {
        NodeReader.Read(HoconReader.ReadText("test.conf", """
            akak { loglevel = DEBUG }
            port = 1
            router { inputs { a { type = null, to = b } }, outputs { b { type = null } } }
            """), BuiltIns.Registry(), out var warnings);

        var warning = Assert.Single(warnings);
        Assert.Equal((DiagnosticSeverity.Warning, 1, "did you mean `akka`?"), (warning.Severity, warning.Span!.Line, warning.Hint));
    }

    [Fact]
    public void Finds_classes_and_registered_types_of_plug_ins()
    {
        var node = Read($$"""
            router {
              plugins = ["{{Plugin}}"]
              inputs { a { type = null, to = [f, g] } }
              filters {
                f { class = "Acme.Filters.Redact", fields = password, to = b }
                g { type = redact, fields = [a, b], with = x, to = b }
              }
              outputs { b { type = null } }
            }
            """);

        Assert.Equal("Acme.Filters.Redact", node.Components[1].Type.ActorType.FullName);
        Assert.Equal("redact", node.Components[2].Type.Name);
        Assert.Equal("Options { Fields = System.Collections.Generic.List`1[System.String], With = x }", node.Components[2].Options!.ToString());
    }

    [Fact]
    public void Checks_a_plug_ins_keys_as_its_own()
    {
        var report = Assert.Throws<ConfigurationException>(() => Read($$"""
            router {
              plugins = ["{{Plugin}}"]
              inputs { a { type = null, to = [f, g] } }
              filters {
                f { type = redact, to = b }
                g { class = Acme.Filters.Redcat, fields = [a], to = b }
              }
              outputs { b { type = null } }
            }
            """)).Message;

        Assert.Contains("filter `f` (redact) needs a key `fields`", report, StringComparison.Ordinal);
        Assert.Contains("did you mean `Acme.Filters.Redact`?", report, StringComparison.Ordinal);
    }

    private static NodeDefinition Read(string text) => NodeReader.Read(HoconReader.ReadText("test.conf", text), BuiltIns.Registry());
}
