using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Checks;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Routing;

namespace MessageRouter.Tests.Configuration.Checks;

/// <summary>What is no mistake in a configuration, and may surprise who runs it.</summary>
public sealed class SurpriseTests
{
    private const string Sub = "inputs.sub { type = zeromq, bind = \"tcp://*:5001\", to = [TO] }";
    private const string Pull = "inputs.pull { type = zeromq, bind = \"tcp://*:5002\", socket-type = pull, to = [TO] }";
    private const string Link = "inputs.link { type = zeromq, bind = \"tcp://*:5003\", socket-type = pull, delivery = at-least-once, to = [TO] }";
    private const string Stdin = "inputs.lines { type = stdin, to = [TO] }";
    private const string Pool = "outputs.pool { type = distributor, bind = \"tcp://*:5004\", delivery = at-least-once }";
    private const string Push = "outputs.push { type = zeromq, bind = \"tcp://*:5005\", socket-type = push }";
    private const string Pub = "outputs.pub { type = zeromq, bind = \"tcp://*:5006\" }";
    private const string Archive = "outputs.archive { type = file, path = a.log }";

    [Theory]
    [InlineData(Stdin, Archive, "archive", "at-most-once at lines")]
    [InlineData(Sub, Archive, "archive", "lossy at sub")]
    [InlineData(Pull, Archive, "archive", "at-most-once at pull")]
    [InlineData(Link, Archive, "archive", "at-least-once at link")]
    [InlineData(Stdin, Pool, "pool", "at-most-once at lines")]
    [InlineData(Link, Pool, "pool", "at-least-once at link")]
    [InlineData(Link, Push, "push", "at-most-once at push")]
    [InlineData(Link, Pub, "pub", "lossy at pub")]
    [InlineData(Stdin, Pub, "pub", "lossy at pub")]
    [InlineData(Stdin, Archive + ", outputs.archive.mailbox.overflow = drop-oldest", "archive", "lossy at archive")]
    [InlineData(Link, Archive + ", outputs.archive.mailbox.overflow = drop-oldest", "archive", "at-least-once at link")]
    [InlineData(Stdin, Archive + ", filters.f { type = null, mailbox.overflow = drop-newest, to = archive }", "f", "lossy at f")]
    [InlineData(Stdin, Archive + ", filters.f { type = null, mailbox.overflow = drop-newest, to = archive }", "f, archive", "lossy at f")]
    public void Each_way_promises_no_more_than_its_weakest_link(string input, string output, string to, string expected)
    {
        var (node, _) = Read($"{input.Replace("TO", to, StringComparison.Ordinal)}, {output}");

        var path = Assert.Single(PathPromises.All(new Flow(node.Components))!);

        Assert.Equal(expected, $"{path.Weakest.Promise.Word()} at {path.Weakest.At.Name}");
    }

    [Theory]
    [InlineData(Pull, Pool, "pool", null)]
    [InlineData(Stdin, Pool, "pool", null)]
    [InlineData(Sub, Pool, "pool", "output `pool` promises at-least-once, and what is to go there may be lost before, at input `sub`: publishers drop what is sent while it is away or behind")]
    [InlineData(Pull, Pool + ", outputs.pool.mailbox.overflow = drop-newest", "pool", "output `pool` promises at-least-once, and what is to go there may be lost before, at output `pool`: it drops the newest when its mailbox is full (drop-newest)")]
    [InlineData(Pull, Pool + ", filters.f { type = null, mailbox.overflow = drop-oldest, to = pool }", "f", "output `pool` promises at-least-once, and what is to go there may be lost before, at filter `f`: it drops the oldest when its mailbox is full (drop-oldest)")]
    [InlineData(Link, Archive, "archive", null)]
    [InlineData(Link, Pool, "pool", null)]
    [InlineData(Link, Push, "push", "input `link` answers at-least-once for what output `push` may still lose: what a puller has when it ends is lost")]
    [InlineData(Link, Pub, "pub", "input `link` answers at-least-once for what output `pub` may still lose: subscribers that are away or behind miss messages")]
    [InlineData(Link, Pub + ", " + Archive, "pub, archive", null)]
    [InlineData(Sub, Pub, "pub", null)]
    public void A_way_that_keeps_less_than_its_end_promises_is_warned_of(string input, string output, string to, string? expected) =>
        Assert.Equal(expected, Read($"{input.Replace("TO", to, StringComparison.Ordinal)}, {output}").Warning?.Message);

    [Theory]
    [InlineData("type = key, key = level, match = warn", "filter `second` passes nothing: all that comes to it has `level = error`, by filter `first`")]
    [InlineData("type = key, key = level, match = \"^w\", match-type = regex", "filter `second` passes nothing: all that comes to it has `level = error`, by filter `first`")]
    [InlineData("type = key, key = level, match = \"^e\", match-type = regex", null)]
    [InlineData("type = key, key = level, match = error", null)]
    [InlineData("type = key, key = other, match = warn", null)]
    public void A_filter_that_can_pass_nothing_is_warned_of(string second, string? expected)
    {
        var (_, warning) = Read($$"""
            inputs.in { type = stdin, to = first }
            filters.first { type = key, key = level, match = error, to = between }
            filters.between { type = tee, to = second }
            filters.second { {{second}}, to = out }
            outputs.out { type = null }
            """);

        Assert.Equal(expected, warning?.Message);
        if (warning is not null) Assert.Equal(5, warning.Span!.Line);
    }

    [Theory]
    [InlineData("to = [first, second]", "type = tee")]
    [InlineData("to = [first]", "type = set, fields { level = warn }")]
    [InlineData("to = [first]", "type = rename, fields { other = level }")]
    public void It_is_not_where_something_else_may_come(string input, string between) => Assert.Null(Read($$"""
        inputs.in { type = stdin, {{input}} }
        filters.first { type = key, key = level, match = error, to = between }
        filters.between { {{between}}, to = second }
        filters.second { type = key, key = level, match = warn, to = out }
        outputs.out { type = null }
        """).Warning);

    [Theory]
    [InlineData("a.mailbox.overflow = wait", "output `a` has its senders wait when it is full, and input `sub` cannot: then `b` would get nothing either")]
    [InlineData("a.mailbox.overflow = wait, b.mailbox.overflow = wait", null)]
    [InlineData("a.mailbox.overflow = drop-oldest", null)]
    [InlineData("a.encode = text", null)]
    public void Who_waits_while_others_cannot_is_warned_of(string keys, string? expected) => Assert.Equal(expected, Read($$"""
        {{Sub.Replace("TO", "a, b", StringComparison.Ordinal)}}
        outputs { a { type = null }, b { type = null } }
        outputs { {{keys}} }
        """).Warning?.Message);

    [Fact]
    public void Who_waits_alone_or_where_all_can_is_not()
    {
        Assert.Null(Read($"{Sub.Replace("TO", "archive", StringComparison.Ordinal)}, {Archive}, outputs.archive.mailbox.overflow = wait").Warning);
        Assert.Null(Read($"{Stdin.Replace("TO", "archive, pub", StringComparison.Ordinal)}, {Archive}, {Pub}, outputs.archive.mailbox.overflow = wait").Warning);
        Assert.Null(Read($"{Sub.Replace("TO", "archive, pub", StringComparison.Ordinal)}, {Archive}, {Pub}, inputs.sub.mailbox.overflow = wait, outputs.archive.mailbox.overflow = wait").Warning);
    }

    [Theory]
    [InlineData("tcp://*:5001", true)]
    [InlineData("tcp://0.0.0.0:5001", true)]
    [InlineData("tcp://10.0.0.1:5001", true)]
    [InlineData("tcp://127.0.0.1:5001", false)]
    [InlineData("tcp://[::1]:5001", false)]
    [InlineData("tcp://localhost:5001", false)]
    [InlineData("ipc:///tmp/x", false)]
    public void Where_a_node_is_open_to_others_is_known(string bind, bool isOpen)
    {
        var (node, _) = Read($"{Sub.Replace("TO", "archive", StringComparison.Ordinal).Replace("tcp://*:5001", bind, StringComparison.Ordinal)}, {Archive}");

        Assert.Equal(isOpen, OpenAddresses.Of(node.Components).Any());
    }

    [Theory]
    [InlineData("field = seq, by = [host], instances = 2", "filter `g` divides sequences among its 2 copies, each of which takes what the others get for lost", "leave `instances` out, or write route = hash(host)")]
    [InlineData("field = seq, instances = 3", "filter `g` divides sequences among its 3 copies, each of which takes what the others get for lost", "leave `instances` out")]
    [InlineData("field = seq, by = [host], instances = 2, route = hash(pid)", "filter `g` divides sequences among its 2 copies, each of which takes what the others get for lost", "leave `instances` out, or write route = hash(host)")]
    [InlineData("field = seq, by = [pid, host], instances = 2, route = hash(host)", null, null)]
    [InlineData("field = seq, by = [peer.address], instances = 2, route = hash(peer.address)", null, null)]
    [InlineData("field = seq", null, null)]
    public void A_sequence_that_copies_divide_is_warned_of(string keys, string? expected, string? hint)
    {
        var warning = Read($"{Stdin.Replace("TO", "g", StringComparison.Ordinal)}, filters.g {{ type = gap-detect, {keys}, to = archive }}, {Archive}").Warning;

        Assert.Equal((expected, hint), (warning?.Message, warning?.Hint));
    }

    private static (NodeDefinition Node, Diagnostic? Warning) Read(string router)
    {
        var node = NodeReader.Read(HoconReader.ReadText("node.conf", $"router {{\n{router}\n}}"), BuiltIns.Registry(), out var warnings);
        return (node, warnings.SingleOrDefault());
    }
}
