using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Tests.Configuration;

/// <summary>Every mistake is told at once: none hides another, and none is told twice by what follows from it.</summary>
public sealed class EveryMistakeTests
{
    [Theory]

    // A type that is not known hides nothing of what every component has.
    [InlineData("inputs { a { type = nul, to = [b, nowhere, b] } }, outputs { b { type = null } }",
        "unknown type `nul` for input `a`", "input `a` sends to `nowhere`, which does not exist", "input `a` sends to `b` twice")]
    [InlineData("inputs { a { to = [] } }, outputs { b { typ = null } }",
        "input `a` needs a `type` or a `class`", "input `a` feeds nothing", "output `b` needs a `type` or a `class`", "nothing feeds output `b`")]
    [InlineData("inputs { a { class = No.Such, to = b, mailbox { capacity = 0 }, supervision { on-error = give-up }, decode = xml } }, outputs { b { type = null } }",
        "there is no class `No.Such` for input `a`", "`mailbox` of input `a`: `capacity` must be at least 1", "`on-error` of `supervision` of input `a`: ", "`decode` of input `a`: ")]
    [InlineData("inputs { a { type = null, to = f } }, filters { f { type = nope, to = b, retry { attempts = 0 }, instances = 0, route = any } }, outputs { b { type = null, encode = 5 } }",
        "unknown type `nope` for filter `f`", "`attempts` must be from 1 to 1000", "`instances` must be between 1 and 1000", "`route` must be round-robin", "`encode` of output `b` (null): ")]
    [InlineData("inputs { a { type = null, to = f } }, filters { f { type = nope, to = g }, g { type = null, to = f } }",
        "unknown type `nope` for filter `f`", "messages would go round for ever: ")]
    [InlineData("inputs { a { type = null, to = [b, c] } }, outputs { b { type = nope }, c { type = null }, d { type = null } }",
        "unknown type `nope` for output `b`", "nothing feeds output `d`")]

    // Nor does a name that cannot be one, or a key that is wrong or missing.
    [InlineData("inputs { \"a b\" { type = nul, to = nowhere } }, outputs { b { type = null } }",
        "`a b` cannot name a component", "unknown type `nul` for input `a b`", "input `a b` sends to `nowhere`, which does not exist", "nothing feeds output `b`")]
    [InlineData("inputs { a { type = null, to = b } }, outputs { b { type = file, flush-interval = 2d } }",
        "output `b` (file) needs a key `path`", "`flush-interval` must be between 0s and 1d")]
    [InlineData("inputs { a { type = null, to = b } }, outputs { b { type = file, path = [], flush-interval = 2d, append = perhaps } }",
        "`path` of output `b` (file): ", "`flush-interval` must be between 0s and 1d", "`append` of output `b` (file): ")]
    [InlineData("inputs { a { type = zeromq, bind = [{}, \"tcp://*:1\", []], subscribe = [{}], to = b } }, outputs { b { type = null } }",
        "`bind` of input `a` (zeromq): expected a string, found an object", "`bind` of input `a` (zeromq): expected a string, found a list", "`subscribe` of input `a` (zeromq): ")]
    [InlineData("inputs { a { type = null, to = f } }, filters { f { type = set, fields { x = 1e999, y { z = -1e999 } }, to = b } }, outputs { b { type = null } }",
        "`fields` of filter `f` (set): `1e999` is out of range", "`fields` of filter `f` (set): `-1e999` is out of range")]

    // Connections are looked at beside each other.
    [InlineData("inputs { a { type = null, to = [nowhere, f] } }, filters { f { type = null, to = g }, g { type = null, to = f } }, outputs { o { type = file, path = x }, o2 { type = file, path = x } }",
        "input `a` sends to `nowhere`, which does not exist", "messages would go round for ever: ", "x, which output `o` has taken", "nothing feeds output `o`", "nothing feeds output `o2`")]
    [InlineData("inputs { a { type = null, to = [b, a] } }, filters { b { type = null, to = b } }, outputs { b { type = null } }",
        "input `a` sends to input `a`", "output `b` has the same name as filter `b`", "messages would go round for ever: b → b")]

    // What cannot be resolved hides nothing but itself.
    [InlineData("inputs { a { type = null, to = [b, nowhere] } }, outputs { b { type = file, path = ${nope}, colour = red }, c { type = ${nope2} } }",
        "`${nope}` is not defined", "`${nope2}` is not defined", "unknown key `colour` for output `b` (file)", "input `a` sends to `nowhere`, which does not exist", "nothing feeds output `c`")]
    [InlineData("inputs { a { type = null, to = ${nope} } }, outputs { b { type = null, mailbox = ${nope2}, encode = no } }",
        "`${nope}` is not defined", "`${nope2}` is not defined", "`encode` of output `b` (null): ")]
    [InlineData("inputs { a { type = zeromq, bind = ${nope}, linger = -1s, to = [b, ${nope2}] } }, outputs { b { type = null }, c { type = null } }",
        "`${nope}` is not defined", "`${nope2}` is not defined", "`linger` of input `a` (zeromq): ")]
    [InlineData("inputs = ${nope}, outputs { b { type = nul } }, workers { w = ${nope2}, x { comand = y } }",
        "`${nope}` is not defined", "`${nope2}` is not defined", "unknown type `nul` for output `b`", "unknown key `comand` for worker processes `x`")]
    [InlineData("inputs = 5, outputs { b { type = null } }", "`inputs` must be a block")]
    [InlineData("inputs { a = ${nope}, c { type = null, to = b } }, outputs { b { type = null }, d { type = null } }", "`${nope}` is not defined")]

    // What is nearly right is not also missing elsewhere.
    [InlineData("inputs { a { type = null, to = archiv } }, outputs { archive { type = null } }", "input `a` sends to `archiv`, which does not exist")]
    [InlineData("inputs { a { type = null, to = b } }, outputs { b { type = null } }, workers { \"w w\" { instances = 2000 } }",
        "`w w` cannot name worker processes", "worker processes `w w` needs a key `command`", "`instances` must be between 0 and 1000")]
    public void Is_told_once_beside_the_others(string router, params string[] expected)
    {
        var findings = Findings($"router {{ {router} }}").ToList();

        foreach (var begin in expected)
        {
            var found = findings.FindIndex(message => message.Contains(begin, StringComparison.Ordinal));
            Assert.True(found >= 0, $"Not told: {begin}\n{string.Join('\n', findings)}");
            findings.RemoveAt(found);
        }
        Assert.Empty(findings);
    }

    /// <summary>
    /// HOCON's specification makes a substitution that leads nowhere invalid wherever it stands, and <c>resolve()</c> of the reference
    /// implementation fails for the whole document: whether somebody reads a value is known only to its reader.
    /// </summary>
    [Theory]
    [InlineData("unused { x = ${nope} }", "`${nope}` is not defined")]
    [InlineData("unused = [1, { x = a${nope.y}b }]", "`${nope.y}` is not defined")]
    [InlineData("akka { x = ${nope} }", "`${nope}` is not defined")]
    [InlineData("unused { x = ${?nope}, y = a${?nope}b, z = [${?nope}] }", null)]
    [InlineData("unused = ${nope}, unused = 5", null)]
    public void A_substitution_that_leads_nowhere_is_a_mistake_where_nobody_reads_it_too(string other, string? problem)
    {
        var text = other + "\nrouter { inputs { a { type = null, to = b } }, outputs { b { type = null } } }";

        if (problem is null) NodeReader.Read(HoconReader.ReadText("node.conf", text, new HoconReaderOptions { Environment = _ => null }), BuiltIns.Registry());
        else Assert.Equal([problem], Findings(text));
    }

    private static IEnumerable<string> Findings(string text) => Assert.Throws<ConfigurationException>(() =>
        NodeReader.Read(HoconReader.ReadText("node.conf", text, new HoconReaderOptions { Environment = _ => null }), BuiltIns.Registry()))
        .Diagnostics.Select(finding => finding.Message);
}
