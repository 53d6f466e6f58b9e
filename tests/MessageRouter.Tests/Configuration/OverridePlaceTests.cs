using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Tests.Configuration;

/// <summary>What is wrong is shown where it was written: in the override that has set it, not in the file's block that it is part of.</summary>
public sealed class OverridePlaceTests
{
    private const string Node = """
        router {
          inputs { a { type = null, to = [f, p] } }
          filters {
            f { type = key, key = level, match = error, to = g, supervision { backoff { min = 1s } } }
            g { type = null, to = [p, o, z, d] }
          }
          outputs {
            p { type = null }
            o { type = file, path = o.log }
            z { type = zeromq, bind = ["tcp://127.0.0.1:7101", "tcp://127.0.0.1:7102"] }
            d { type = distributor, bind = "tcp://127.0.0.1:7103" }
          }
        }
        """;

    [Theory]
    [InlineData("router.inputs.a.to=[]", "feeds nothing", 20)]
    [InlineData("router.inputs.a.to=[f, nowhere]", "which does not exist", 24)]
    [InlineData("router.inputs.a.to=[f, p, f]", "twice", 27)]
    [InlineData("router.filters.g.to=[f, p, o, z, d]", "messages would go round for ever", 22)]
    [InlineData("router.outputs.f.type=null", "has the same name as", 16)]
    [InlineData("router.outputs.q.type=null", "nothing feeds", 16)]
    [InlineData("router.filters.f.type=kee", "unknown type", 23)]
    [InlineData("router.filters.f.instances=0", "must be between 1 and 1000", 28)]
    [InlineData("router.filters.f.supervision.backoff.min=1m", "`backoff.min` is larger than `backoff.max`", 42)]
    [InlineData("router.filters.f.supervision.backoff.max=1ms", "`backoff.min` is larger than `backoff.max`", 0)]
    [InlineData("router.outputs.z.reconnect.min=1m", "must not be less than `min`", 32)]
    [InlineData("router.outputs.z.bind=[\"tcp://127.0.0.1:7102\", \"here\"]", "has no scheme", 48)]
    [InlineData("router.outputs.z.bind=\"tcp://127.0.0.1:7103\"", "takes tcp://127.0.0.1:7103", 0)]
    [InlineData("router.outputs.d.bind=[\"tcp://127.0.0.1:7104\", \"tcp://127.0.0.1:7102\"]", "takes tcp://127.0.0.1:7102", 0)]
    [InlineData("router.outputs.p={ type = file, path = o.log }", "takes file://", 0)]
    [InlineData("router.shutdown.drain-timeout=50d", "must be at most 24 days", 31)]
    public void Points_into_the_override(string text, string problem, int column)
    {
        var finding = Assert.Single(Findings(Node, text), finding => finding.Message.Contains(problem, StringComparison.Ordinal));

        // Of two that do not fit each other the later one in the reading is at fault.
        if (column == 0) Assert.NotNull(finding.Span);
        else Assert.Equal(("--set", column), (finding.Span!.Source.Name, finding.Span.Column));
    }

    [Theory]
    [InlineData("router.outputs.p={ type = zeromq, bind = [\"tcp://127.0.0.1:7100\", \"tcp://127.0.0.1:7101\"] }", 10)]
    [InlineData("router.outputs.d.bind=[\"tcp://127.0.0.1:7104\", \"tcp://127.0.0.1:7102\"]", 0)]
    public void Of_two_that_take_one_address_it_points_to_the_address_of_the_later_one(string text, int lineInFile)
    {
        var span = Assert.Single(Findings(Node, text)).Span!;

        if (lineInFile > 0) Assert.Equal(("node.conf", lineInFile, 32), (span.Source.Name, span.Line, span.Column));
        else Assert.Equal(("--set", 48), (span.Source.Name, span.Column));
    }

    [Theory]
    [InlineData("router.outputs.o.path=other.log", "other.log", "--set", 1, 23)]
    [InlineData("x=1", "o.log", "node.conf", 9, 29)]
    [InlineData("router.outputs.o.path=${p}, p = late.log", "late.log", null, 0, 0)]
    [InlineData("router.outputs.o.path=${router.name}\nrouter.name=named.log", "named.log", "--set", 1, 13)]
    [InlineData("router.outputs.o.path=file", "file", "--set", 1, 23)]
    public void A_components_option_is_found_by_its_text(string overrides, string text, string? source, int line, int column)
    {
        var document = HoconReader.ReadText("node.conf", Node, new HoconReaderOptions { Overrides = overrides.Split('\n') });
        if (source is null)
        {
            Assert.True(document.HasErrors);
            return;
        }

        var output = NodeReader.Read(document, BuiltIns.Registry()).Components.Single(component => component.Name == "o");
        var place = output.PlaceOf(text)!;

        Assert.Equal((source, line, column), (place.Source.Name, place.Line, place.Column));
    }

    [Fact]
    public void Without_the_option_the_block_stands_for_it()
    {
        var output = NodeReader.Read(HoconReader.ReadText("node.conf", Node), BuiltIns.Registry()).Components.Single(component => component.Name == "o");

        Assert.All(new[] { "elsewhere", "", null }, text => Assert.Equal("node.conf:9:5", output.PlaceOf(text)!.ToString()));
    }

    private static IReadOnlyList<Diagnostic> Findings(string node, params string[] overrides) => Assert.Throws<ConfigurationException>(() =>
        NodeReader.Read(HoconReader.ReadText("node.conf", node, new HoconReaderOptions { Overrides = overrides }), BuiltIns.Registry())).Diagnostics;
}
