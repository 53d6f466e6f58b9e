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
        Assert.Equal(new MailboxOptions { Capacity = 10_000, MaxBytes = 16 << 20, Overflow = null }, input.Mailbox);
        Assert.Equal(NodeDefinition.DefaultMemoryLimit, node.MemoryLimit);
        Assert.Equal(new SupervisionOptions(), input.Supervision);
    }

    [Fact]
    public void Takes_the_routers_mailbox_and_supervision_where_a_component_says_nothing_else()
    {
        var node = Read("""
            router {
              mailbox { capacity = 5, max-bytes = 2KiB, overflow = drop-oldest }
              supervision { on-error = resume, backoff { min = 1s } }
              inputs { a { type = null, to = b } }
              outputs { b { type = null, mailbox { capacity = 7, max-bytes = 1GiB }, supervision { max-restarts = 3 } } }
            }
            """);

        Assert.Equal(new MailboxOptions { Capacity = 5, MaxBytes = 2048, Overflow = Overflow.DropOldest }, node.Components[0].Mailbox);
        Assert.Equal(new MailboxOptions { Capacity = 7, MaxBytes = 1 << 30, Overflow = Overflow.DropOldest }, node.Components[1].Mailbox);
        Assert.Equal(
            new SupervisionOptions { OnError = OnError.Resume, MinBackoff = TimeSpan.FromSeconds(1), MaxRestarts = 3 },
            node.Components[1].Supervision);
    }

    [Theory]
    [InlineData("memory { limit = 2GiB }", 2L << 30)]
    [InlineData("memory { limit = off }", 0)]
    [InlineData("memory { limit = 0 }", 0)]
    [InlineData("memory.limit = 500MB", 500_000_000)]
    public void Takes_a_limit_for_all_that_waits_in_the_node(string key, long limit) =>
        Assert.Equal(limit, Read($$"""router { {{key}}, inputs { a { type = null, to = b } }, outputs { b { type = null } } }""").MemoryLimit);

    [Theory]
    [InlineData("memory { limit = much }", "`limit` of `memory`: expected a size such as 16MiB")]
    [InlineData("memory { limit = -1MiB }", "`limit` of `memory`: expected a size that is not negative")]
    [InlineData("memory { limits = 1MiB }", "unknown key `limits`")]
    [InlineData("memory = 1MiB", "`memory` must be a block")]
    [InlineData("mailbox { max-bytes = 0 }", "`max-bytes` must be at least 1B")]
    [InlineData("mailbox { max-bytes = -5 }", "expected a size that is not negative")]
    public void Says_what_is_wrong_with_a_bound_in_bytes(string key, string problem)
    {
        var exception = Assert.Throws<ConfigurationException>(() => Read($$"""router { {{key}}, inputs { a { type = null, to = b } }, outputs { b { type = null } } }"""));

        var diagnostic = Assert.Single(exception.Diagnostics);
        Assert.StartsWith(problem, diagnostic.Message.Split("the router: ")[^1], StringComparison.Ordinal);
        Assert.NotNull(diagnostic.Span);
    }

    [Theory]
    [InlineData("", 1, null, false)]
    [InlineData("instances = 4", 4, null, true)]
    [InlineData("route = round-robin", 1, "round-robin", true)]
    [InlineData("instances = 1000, route = least-busy", 1000, "least-busy", true)]
    [InlineData("instances = 2, route = hash(user.id)", 2, "hash(user.id)", true)]
    [InlineData("instances = 2, route = \"\"\"hash(\"a.b\".c)\"\"\"", 2, "hash(\"a.b\".c)", true)]
    public void Takes_a_filter_for_a_pool_of_copies(string keys, int instances, string? route, bool isPool)
    {
        var filter = Read($$"""
            router {
              inputs { a { type = null, to = f } }
              filters { f { type = null, to = b, {{keys}} } }
              outputs { b { type = null } }
            }
            """).Components[1];

        Assert.Equal((instances, route, isPool), (filter.Instances, filter.Route?.ToString(), filter.IsPool));
    }

    [Theory]
    [InlineData("instances = 0", "`instances` must be between 1 and 1000", 3, 42)]
    [InlineData("instances = 1001", "`instances` must be between 1 and 1000", 3, 42)]
    [InlineData("instances = many", "`instances` of filter `f` (null): ", 3, 42)]
    [InlineData("route = random", "`route` must be round-robin, least-busy or hash(FIELD)", 3, 38)]
    [InlineData("route = hash()", "`route` names no field: ", 3, 38)]
    [InlineData("route = hash(a..b)", "`route` names no field: ", 3, 38)]
    [InlineData("route = hash(a", "`route` must be round-robin, least-busy or hash(FIELD)", 3, 38)]
    public void Reports_a_pool_that_cannot_be_with_its_place(string keys, string problem, int line, int column)
    {
        var report = Assert.Throws<ConfigurationException>(() => Read($$"""
            router {
              inputs { a { type = null, to = f } }
              filters { f { type = null, {{keys}}, to = b } }
              outputs { b { type = null } }
            }
            """));

        var finding = Assert.Single(report.Diagnostics);
        Assert.Contains(problem, finding.Message);
        Assert.Equal((line, column), (finding.Span!.Line, finding.Span.Column));
    }

    [Fact]
    public void Only_filters_are_pools() =>
        Assert.Contains("unknown key `instances` for output `b` (null)", Assert.Throws<ConfigurationException>(() => Read(
            "router { inputs { a { type = null, to = b } }, outputs { b { type = null, instances = 2 } } }")).Message);

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
    [InlineData("router { plugins = [nowhere.dll], inputs { a { type = null, to = b } }, outputs { b { type = null } } }", "plug-in `nowhere.dll` is neither a file nor a folder")]
    [InlineData("router { inputs { a { type = null, to = b } }, filters { f { class = \"A.B\", to = b } }, outputs { b { type = null } } }", "there is no class `A.B` for filter `f`")]
    [InlineData("router { inputs { a { type = null, to = f } }, filters { f { type = null, retry { attempts = 0 }, to = b } }, outputs { b { type = null } } }", "`attempts` must be from 1 to 1000")]
    [InlineData("router { inputs { a { type = null, to = f } }, filters { f { type = null, retry = 3, to = b } }, outputs { b { type = null } } }", "`retry` of filter `f` (null) must be a block")]
    [InlineData("router { inputs { a { type = null, to = f } }, filters { f { type = null, retry { backof = 1s }, to = b } }, outputs { b { type = null } } }", "did you mean `backoff`?")]
    [InlineData("router { inputs { a { type = null, to = f } }, filters { f { type = null, concurrency = 3, to = b } }, outputs { b { type = null } } }", "unknown key `concurrency` for filter `f` (null)")]
    [InlineData("router { inputs { a { type = null, retry { attempts = 2 }, to = b } }, outputs { b { type = null } } }", "unknown key `retry` for input `a` (null)")]
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
    public void An_error_output_holds_nobody_up()
    {
        var report = Assert.Throws<ConfigurationException>(() => Read("""
            router {
              errors { type = stderr, mailbox { overflow = wait } }
              inputs { a { type = null, to = b } }
              outputs { b { type = null } }
            }
            """)).Message;

        Assert.Contains("`errors` cannot have `overflow = wait`", report, StringComparison.Ordinal);
        Assert.Contains(":2:", report, StringComparison.Ordinal);
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

    [Theory]
    [InlineData("Redact", "fields = password")]
    [InlineData("Split", "field = items")]
    [InlineData("LookUp", "file = x")]
    public void A_filter_of_a_plug_in_is_checked_as_a_built_in_one_is(string name, string needed)
    {
        var key = needed.Split(' ')[0];

        Assert.Contains($"needs a key `{key}`\n --> test.conf:5:5", Report(""));
        Assert.Contains($"unknown key `{key}x` for filter `f` (Acme.Filters.{name})\n --> test.conf:5:{44 + name.Length + needed.Length}", Report($"{needed}, {key}x = 1"));
        Assert.Contains($"`{key}` of filter `f` (Acme.Filters.{name}): ", Report($"{key} {{ a = 1 }}"));
        Assert.Contains("unknown key `retrie`", Report($"{needed}, retrie {{ attempts = 3 }}"));

        string Report(string keys) => Assert.Throws<ConfigurationException>(() => Read($$"""
            router {
              plugins = ["{{Plugin}}"]
              inputs { a { type = null, to = f } }
              filters {
                f { class = "Acme.Filters.{{name}}", to = b, {{keys}} }
              }
              outputs { b { type = null } }
            }
            """)).Message;
    }

    [Fact]
    public void Reads_how_an_asynchronous_filter_works()
    {
        var node = ReadLookUp("concurrency = 3, ordered = false, retry { attempts = 5 }");

        Assert.Equal(new AsyncOptions { Concurrency = 3, Ordered = false }, node.Async);
        Assert.Equal(new RetryOptions { Attempts = 5, Backoff = TimeSpan.FromMilliseconds(100) }, node.Retry);
        Assert.Equal(new AsyncOptions { Concurrency = 16, Ordered = true }, ReadLookUp("").Async);
    }

    [Theory]
    [InlineData("concurrency = 0", "`concurrency` must be from 1 to 10000")]
    [InlineData("concurrency = 10001", "`concurrency` must be from 1 to 10000")]
    [InlineData("ordered = perhaps", "`ordered` of filter `f` (look-up)")]
    [InlineData("orderd = true", "did you mean `ordered`?")]
    public void Says_what_is_wrong_with_an_asynchronous_filter(string keys, string expected) =>
        Assert.Contains(expected, Assert.Throws<ConfigurationException>(() => ReadLookUp(keys)).Message, StringComparison.Ordinal);

    private static ComponentDefinition ReadLookUp(string keys) => Read($$"""
        router {
          plugins = ["{{Plugin}}"]
          inputs { a { type = null, to = f } }
          filters { f { type = look-up, file = x, to = b, {{keys}} } }
          outputs { b { type = null } }
        }
        """).Components[1];

    private static NodeDefinition Read(string text) => NodeReader.Read(HoconReader.ReadText("test.conf", text), BuiltIns.Registry());
}
