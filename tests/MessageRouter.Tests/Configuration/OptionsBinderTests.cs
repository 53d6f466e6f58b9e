using System.ComponentModel.DataAnnotations;
using MessageRouter.Components;
using MessageRouter.CSharp;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Tests.Configuration;

/// <summary>Blocks become options, and what does not fit is told at its place.</summary>
public class OptionsBinderTests
{
    [Theory]
    [InlineData("count = 9", "`count` must be between 1 and 5", 9)]
    [InlineData("  count = 0, name = abc", "`count` must be between 1 and 5", 11)]
    [InlineData("count = 1, name = abcd", "`name` must be a string or array type with a maximum length of '3'", 19)]
    [InlineData("count = 1, again = 9", "`again` must be between 1 and 5", 20)]
    public void The_attributes_of_a_constructors_parameters_are_checked(string block, string problem, int column)
    {
        var finding = Assert.Single(Findings<Positional>(block));

        Assert.Equal($"filter `f`: {problem}", finding.Message);
        Assert.Equal((1, column), (finding.Span!.Line, finding.Span.Column));
    }

    [Fact]
    public void A_parameter_without_a_property_is_checked_too()
    {
        Assert.Equal("filter `f`: `count` must be between 1 and 5", Assert.Single(Findings<Plain>("count = 9")).Message);
        Assert.Equal(5, Bind<Plain>("count = 5").Doubled / 2);
    }

    [Fact]
    public void All_that_is_wrong_with_parameters_and_properties_is_told_at_once() =>
        Assert.Equal(3, Findings<Positional>("count = 9, name = abcd, again = 9").Count);

    [Fact]
    public void A_value_that_cannot_be_read_is_told_once()
    {
        Assert.Equal("`count` of filter `f`: expected a whole number, found `many`", Assert.Single(Findings<Defaulted>("count = many")).Message);
        Assert.Equal("filter `f`: `count` must be between 1 and 5", Assert.Single(Findings<Defaulted>("")).Message);
    }

    [Theory]
    [InlineData("whn = \"true\"", "unknown key `whn` for filter `f`")]
    [InlineData("to = x", "unknown key `to` for filter `f`")]
    public void Beside_an_unknown_key_nothing_is_said_to_be_missing_that_it_may_have_been_meant_for(string block, string problem) =>
        Assert.Equal(problem, Assert.Single(Findings<CSharpFilter.Options>(block)).Message);

    [Fact]
    public void An_unknown_key_stands_for_the_key_that_it_is_near_to()
    {
        Assert.Equal(["unknown key `cuont` for filter `f`"], Findings<Positional>("cuont = 1").Select(finding => finding.Message));
        Assert.Equal(["unknown key `colour` for filter `f`", "filter `f` needs a key `count`"], Findings<Positional>("colour = red").Select(finding => finding.Message));
    }

    [Fact]
    public void What_is_there_is_checked_beside_an_unknown_key() =>
        Assert.Equal(["unknown key `colour` for filter `f`", "filter `f`: `count` must be between 1 and 5"], Findings<Positional>("colour = red, count = 9").Select(finding => finding.Message));

    [Fact]
    public void Numbers_of_every_type_and_addresses_are_read()
    {
        var options = Bind<Values>("""
            decimal = 0.10, float = 1.5, double = 2e3, s-byte = -128, byte = 255, short = -1, u-short = 65535, u-int = 4294967295, u-long = 18446744073709551615
            nullable = 7, address = "https://example.com/a?b=c"
            """);

        Assert.Equal((0.10m, 1.5f, 2000.0), (options.Decimal, options.Float, options.Double));
        Assert.Equal((-128, 255, -1, 65535), (options.SByte, options.Byte, options.Short, options.UShort));
        Assert.Equal((uint.MaxValue, ulong.MaxValue, 7m), (options.UInt, options.ULong, options.Nullable));
        Assert.Equal("https://example.com/a?b=c", options.Address!.ToString());
    }

    [Theory]
    [InlineData("byte = 256", "256 is out of range; the largest is 255")]
    [InlineData("u-int = -1", "-1 is out of range; the smallest is 0")]
    [InlineData("u-int = 1.5", "expected a whole number, found `1.5`")]
    [InlineData("float = 1e39", "1E+39 is out of range")]
    [InlineData("decimal = much", "expected a number, found `much`")]
    [InlineData("decimal = 1e99", "expected a number, found `1e99`")]
    [InlineData("address = example", "`example` is no absolute URI, such as https://example.com/path")]
    [InlineData("address { a = 1 }", "expected a string, found an object")]
    [InlineData("names = [a, [b]]", "expected a string, found a list")]
    public void A_value_of_another_type_or_out_of_range_is_told_at_its_key(string block, string problem)
    {
        var key = block.Split(' ')[0];
        var finding = Assert.Single(Findings<Values>(block));

        Assert.Equal($"`{key}` of filter `f`: {problem}", finding.Message);
        Assert.InRange(finding.Span!.Column, key.Length + 2, block.Length);
    }

    [Fact]
    public void Sets_are_read_as_lists_are()
    {
        var options = Bind<Values>("names = [a, b, a], numbers = 3");

        Assert.Equal(["a", "b"], options.Names.Order(StringComparer.Ordinal));
        Assert.Equal(3u, Assert.Single(options.Numbers));
    }

    [Fact]
    public void Blocks_stand_in_lists()
    {
        Assert.Equal([new Sub("a", 1), new Sub("b", 2)], Bind<Values>("subs = [{ name = a }, { name = b, count = 2 }]").Subs);
        Assert.Equal([new Sub("a", 1)], Bind<Values>("subs { name = a }").Subs);
        Assert.Empty(Bind<Values>("subs = []").Subs);
    }

    [Fact]
    public void All_mistakes_of_all_blocks_of_a_list_are_told_at_their_places()
    {
        var findings = Findings<Values>("subs = [{ nme = a }, { name = b, count = 9 }, c, { count = 2 }]");

        Assert.Equal(
            [
                ("unknown key `nme` for `subs` of filter `f`", 11),
                ("`subs` of filter `f`: `count` must be between 1 and 5", 42),
                ("`subs` of filter `f` must be a block", 47),
                ("`subs` of filter `f` needs a key `name`", 50),
            ],
            findings.Select(finding => (finding.Message, finding.Span!.Column)));
    }

    [Fact]
    public void Every_built_in_component_has_options_that_can_be_read() =>
        Assert.All(BuiltIns.Registry().Types, type => Assert.Null(type.OptionsType is { } options ? OptionTypes.FirstUnreadable(options) : null));

    private static T Bind<T>(string block)
    {
        var (options, findings) = Read<T>(block);
        Assert.Empty(findings);
        return Assert.IsType<T>(options);
    }

    private static IReadOnlyList<Diagnostic> Findings<T>(string block)
    {
        var (options, findings) = Read<T>(block);
        Assert.Null(options);
        return findings;
    }

    private static (object? Options, IReadOnlyList<Diagnostic> Findings) Read<T>(string block)
    {
        var document = HoconReader.ReadText("test.conf", block);
        Assert.Empty(document.Diagnostics);
        List<Diagnostic> findings = [];
        return (new OptionsBinder(findings).Bind(typeof(T), document.Root, document.Root.Span, "filter `f`"), findings);
    }

    internal sealed record Positional([Range(1, 5)] int Count, [MaxLength(3)] string Name = "a")
    {
        [Range(1, 5)]
        public int Again { get; init; } = 1;
    }

    internal sealed record Values
    {
        public decimal Decimal { get; init; }

        public float Float { get; init; }

        public double Double { get; init; }

        public sbyte SByte { get; init; }

        public byte Byte { get; init; }

        public short Short { get; init; }

        public ushort UShort { get; init; }

        public uint UInt { get; init; }

        public ulong ULong { get; init; }

        public decimal? Nullable { get; init; }

        public Uri? Address { get; init; }

        public HashSet<string> Names { get; init; } = [];

        public IReadOnlySet<uint> Numbers { get; init; } = new HashSet<uint>();

        public List<Sub> Subs { get; init; } = [];
    }

    internal sealed record Sub(string Name, [Range(1, 5)] int Count = 1);

    internal sealed record Defaulted([Range(1, 5)] int Count = 0);

    internal sealed class Plain([Range(1, 5)] int count)
    {
        public int Doubled => 2 * count;
    }
}
