using CsCheck;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Tests.Configuration.Hocon;

public sealed class HostileTextTests
{
    private const int Many = 100_000;

    private static readonly string[] Pieces =
    [
        "a", "b", "a.b", "\"", "\"\"\"", "{", "}", "[", "]", "=", ":", "+=", ",", "\n", " ", "${", "${a}", "${?b.a}", "}", "\\", "\\u", "d800",
        "include ", "required(", "file(", "\"x\"", ")", "//", "#", "1", "-1.5e+3", "null", "true", "\t", "\r\n", "\0", "\uFEFF", "😀", "\uD800",
        "*", "$", "?", ".", "a = ${a} [1]\n", "b { a = ${b} }\n", "a += 1\n", "a = 1\n", "b = {a = [${?a}]}\n",
    ];

    private static readonly Gen<string> Piece = Gen.Int[0, Pieces.Length - 1].Select(index => Pieces[index]);

    [Theory]
    [InlineData("a = ", "[", "")]
    [InlineData("a = ", "[", "]")]
    [InlineData("", "a{", "}")]
    [InlineData("", "a={", "")]
    [InlineData("a = ", "[{a=", "}]")]
    public void Survives_any_depth(string start, string open, string close)
    {
        var document = Read.Text(start + Repeat(open, Many) + Repeat(close, Many));

        Assert.Contains(document.Diagnostics, diagnostic => diagnostic.Message == "this is nested more than 200 levels deep");
        Assert.NotEmpty(DiagnosticPrinter.Print(document.Diagnostics));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("${")]
    [InlineData("\"")]
    [InlineData("include \"x\"\n")]
    [InlineData("a:b:c\n")]
    [InlineData("a=${b}\n")]
    public void Survives_any_repetition(string piece) => Assert.True(Read.Text(Repeat(piece, Many)).HasErrors);

    [Fact]
    public void Survives_any_length_of_a_path()
    {
        Assert.Equal("this is nested more than 200 levels deep", Read.Error(Repeat("a.", Many) + "a = 1").Message);
        Assert.EndsWith("is not defined", Read.Error("x = ${" + Repeat("a.", Many) + "a}").Message);
        Assert.Empty(Read.Text(Repeat("a.", 198) + "a = 1").Diagnostics);
    }

    [Fact]
    public void Survives_any_chain_of_substitutions()
    {
        var forwards = string.Concat(Enumerable.Range(0, Many).Select(index => $"a{index + 1} = ${{a{index}}}\n")) + "a0 = 1";
        var backwards = string.Concat(Enumerable.Range(0, Many).Select(index => $"a{index} = ${{a{index + 1}}}\n")) + $"a{Many} = 1";

        Assert.Equal(Many + 1, Read.Text("a0 = 1\n" + forwards).Root.Fields.Count);
        Assert.Equal("more than 500 substitutions lead to one another here", Read.Error(backwards).Message);
    }

    [Fact]
    public void Adds_any_number_of_elements_to_an_array() =>
        Assert.Equal(Many, ((HoconArray)Read.Text(Repeat("l += 1\n", Many)).Root.Fields[0].Value).Items.Count);

    [Theory]
    [InlineData("a0 = ha", "${a#}${a#}${a#}${a#}${a#}${a#}${a#}${a#}")]
    [InlineData("a0 = [ha]", "${a#} ${a#} ${a#} ${a#} ${a#} ${a#} ${a#} ${a#}")]
    [InlineData("a0 = [ha]", "[${a#}, ${a#}, ${a#}, ${a#}, ${a#}, ${a#}]")]
    [InlineData("a0 = {x = 1}", "{k = ${a#}, l = ${a#}, m = ${a#}, n = ${a#}}")]
    [InlineData("a0 = {x = 1}", "{l = ${a#}, r = ${a#}} {l = ${a#}, r = ${a#}}")]
    [InlineData("a0 = {x = 1}", "${a#} {l = ${a#}, r = ${a#}} ${a#}")]
    public void Limits_what_substitutions_may_add(string first, string next)
    {
        var lines = Enumerable.Range(0, 100).Select(index => $"a{index + 1} = " + next.Replace("#", $"{index}", StringComparison.Ordinal));

        var document = Read.Text(first + "\n" + string.Join('\n', lines), Read.Options with { MaxResolvedSize = 1_000_000 });
        Assert.Contains(
            document.Diagnostics,
            diagnostic => diagnostic.Message == "the substitutions up to here add more than 1000000 characters and values");
    }

    /// <summary>Forty lines of doubling, which would make a text of a million million characters, or as many elements.</summary>
    [Theory]
    [InlineData("ha", "a# = ${a+}${a+}")]
    [InlineData("[ha]", "a# = ${a+} ${a+}")]
    [InlineData("[ha]", "a# = [${a+}, ${a+}]")]
    [InlineData("{ x = ha }", "a# { l = ${a+}, r = ${a+} }")]
    [InlineData("{ x = ha }", "a# = ${a+} { y = ${a+} }")]
    [InlineData("[ha]", "a# = ${a+}\na# += ${a+}")]
    [InlineData("ha", "a0 = ${?a0}x${?a0}x")]
    [InlineData("[ha]", "a0 = ${?a0} ${?a0} [1]")]
    public void Ends_at_once_where_each_line_doubles_the_next(string last, string line)
    {
        var lines = Enumerable.Range(0, 40).Select(index => line.Replace("a#", $"a{index}", StringComparison.Ordinal).Replace("a+", $"a{index + 1}", StringComparison.Ordinal));

        var document = Read.Text(string.Join('\n', lines) + $"\na40 = {last}");
        Assert.True(document.Diagnostics is [] or [{ Hint: "does a value repeat itself many times over?", Span.Line: > 0 }], Messages(document));
    }

    [Theory]
    [InlineData("", "k# = #\n", "")]
    [InlineData("", "k#=#,", "")]
    [InlineData("a {\n", "k# = #\n", "}")]
    [InlineData("a = [", "#,", "]")]
    [InlineData("", "a.k# = #\n", "")]
    [InlineData("", "a = #\n", "")]
    [InlineData("", "a += #\n", "")]
    public void Reads_only_so_many_values(string before, string each, string after)
    {
        var options = Read.Options with { MaxValues = 50_000 };
        var texts = new[] { 49_000, 60_000 }.Select(count => before + string.Concat(Enumerable.Range(0, count).Select(index => each.Replace("#", $"{index}", StringComparison.Ordinal))) + after).ToList();

        Assert.Empty(Read.Text(texts[0], options).Diagnostics);
        var error = Read.Error(texts[1], options);
        Assert.Equal(("there are more than 50000 values up to here", "what a node routes does not belong into its configuration"), (error.Message, error.Hint));
        Assert.True(error.Span!.Line > 1 || error.Span.Column > 1);
    }

    [Fact]
    public void Counts_the_values_of_all_texts_together()
    {
        var error = Read.Error("a = [1, 2, 3]\nb = [1, 2, 3]", Read.Options with { MaxValues = 9, Overrides = ["c=[1, 2]"] });

        Assert.Equal("--set:1:7", error.Span!.ToString());
    }

    [Theory]
    [InlineData("x = \"", "a", "\"")]
    [InlineData("x = ", "a ", "")]
    [InlineData("x = ", "1", "")]
    [InlineData("x = \"\"\"", "a\n", "\"\"\"")]
    [InlineData("# ", "a", "\nx = 1")]
    [InlineData("", " ", "x { y {\n} }")]
    [InlineData("", "", "x = 1")]
    public void Reads_a_line_of_any_length_within_the_limit(string before, string each, string after) =>
        Assert.Equal("x", Assert.Single(Read.Text(before + Repeat(each, 2_000_000) + after).Root.Fields).Key);

    [Fact]
    public void Finds_the_suspicious_brace_at_the_end_of_a_long_line() =>
        Assert.Equal("this `{` is never closed", Read.Error(new string(' ', 1_000_000) + "y = [" + Repeat("{},", 100_000) + "]\nx {").Message);

    [Theory]
    [InlineData("a {\n b = 1\n")]
    [InlineData("a = [\n 1,\n")]
    public void What_was_given_up_is_not_also_said_to_be_unclosed(string text) =>
        Assert.Equal("there are more than 1 values up to here", Read.Error(text + "c = 2 }", Read.Options with { MaxValues = 1 }).Message);

    [Theory]
    [InlineData("a { b = ${a} { b = ${a} { c = 1 } } }")]
    [InlineData("a { b = ${c} { x = ${a} } }\nc { y = ${a} { z = ${c} } }")]
    public void Ends_where_values_unfold_for_ever(string text) => Assert.True(Read.Text(text).HasErrors);

    [Fact]
    public void Shows_only_so_many_findings()
    {
        var document = Read.Text(Repeat("}\n", Many));

        Assert.Equal(101, document.Diagnostics.Count);
        Assert.Equal("nothing was looked for from here on: there are too many mistakes before", document.Diagnostics[^1].Message);
        Assert.Equal((100, 2), (document.Diagnostics[^1].Span!.Line, document.Diagnostics[^1].Span!.Column));
    }

    [Fact]
    public void Never_throws_whatever_the_text() =>
        Piece.Array[0, 60].Sample(pieces => Survives(string.Concat(pieces)), iter: 2000);

    [Fact]
    public void Never_throws_whatever_the_characters() => Gen.String[0, 40].Sample(Survives, iter: 2000);

    [Fact]
    public void Never_throws_when_a_good_text_is_damaged()
    {
        const string Good = """"
            router { name = "a b", list = [1, 2, { x = ${router.name} }]
              text = """x"""  # comment
              other = ${?HOME} ${router.name}, l += 3 // more
            }
            """";
        Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Int[0, 5], Piece).Array[1, 4].Sample(
            edits =>
            {
                var text = Good;
                foreach (var (at, cut, piece) in edits)
                {
                    var from = Math.Min(at, text.Length);
                    text = text[..from] + piece + text[Math.Min(text.Length, from + cut)..];
                }

                Survives(text);
            },
            iter: 2000);
    }

    private static void Survives(string text)
    {
        var options = Read.Options with { MaxResolvedSize = 100_000 };
        var document = HoconReader.ReadText("fuzz.conf", text, options, baseDirectory: "/no/such/directory");
        foreach (var diagnostic in document.Diagnostics)
        {
            Assert.True(diagnostic.Span is null or { Line: > 0, Column: > 0, Length: >= 0 });
        }

        _ = DiagnosticPrinter.Print(document.Diagnostics);
        if (!document.HasErrors)
        {
            var again = HoconReader.ReadText("again.conf", HoconPrinter.Print(document.Root), options);
            Assert.Equal(Read.Json(document.Root), Read.Json(again.Root));
        }
    }

    private static string Messages(HoconDocument document) => string.Join('\n', document.Diagnostics.Select(diagnostic => diagnostic.Message));

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
