using System.ComponentModel.DataAnnotations;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Filters;

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

    internal sealed record Defaulted([Range(1, 5)] int Count = 0);

    internal sealed class Plain([Range(1, 5)] int count)
    {
        public int Doubled => 2 * count;
    }
}
