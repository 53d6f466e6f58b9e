using System.Text.RegularExpressions;
using MessageRouter.Cli.Formatting;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Tests.Cli.Formatting;

public class HoconFormatterTests
{
    private static readonly string LongText = new('x', 70);

    public static TheoryData<string> ShippedFiles =>
        [.. Directory.GetFiles(Repository.Repository.File("hocon"), "*.conf").Append(Repository.Repository.File("src/MessageRouter.Templates/filter/node.conf")).Select(path => Path.GetRelativePath(Repository.Repository.Root, path))];

    public static TheoryData<string, int> PageBlocks
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var page in Directory.GetFiles(Repository.Repository.File("docs"), "*.md").Append(Repository.Repository.File("README.md")))
            {
                for (var i = 0; i < BlocksOf(page).Count; i++) data.Add(Path.GetRelativePath(Repository.Repository.Root, page), i);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(ShippedFiles))]
    public void Shipped_files_are_in_the_style(string file)
    {
        var text = File.ReadAllText(Repository.Repository.File(file));

        Assert.Equal(text, Format(text));
    }

    [Theory]
    [MemberData(nameof(PageBlocks))]
    public void What_pages_show_keeps_its_meaning_and_its_comments(string page, int block) =>
        KeepsEverything(BlocksOf(Repository.Repository.File(page))[block]);

    [Fact]
    public void Whatever_is_written_keeps_its_meaning_and_its_comments() =>
        CsCheck.Check.Sample(CsCheck.Gen.Int, seed => KeepsEverything(new RandomHocon(seed).Document()), iter: 3000);

    [Theory]
    [InlineData("a=1", "a = 1\n")]
    [InlineData("a:1", "a = 1\n")]
    [InlineData("a+=1", "a += 1\n")]
    [InlineData("a:{b:1}", "a { b = 1 }\n")]
    [InlineData("a\n{b=1}", "a { b = 1 }\n")]
    [InlineData("a=\n  1", "a = 1\n")]
    [InlineData("a {  }", "a {}\n")]
    [InlineData("a = [ ]", "a = []\n")]
    [InlineData("a = [ 1,2 ,3 ]", "a = [1, 2, 3]\n")]
    [InlineData("a=1,b=2", "a = 1, b = 2\n")]
    [InlineData("a=1,\nb=2,\n", "a = 1\nb = 2\n")]
    [InlineData("{a=1}", "{ a = 1 }\n")]
    [InlineData("{\na=1\n}", "{\n  a = 1\n}\n")]
    [InlineData("a {\nb=1 }", "a {\n  b = 1\n}\n")]
    [InlineData("a = [x,\n     y]", "a = [\n  x\n  y\n]\n")]
    [InlineData("a = [\n  1, 2\n  3, 4\n]", "a = [\n  1, 2\n  3, 4\n]\n")]
    [InlineData("a {\n\tb = 1, c = 2\n}", "a {\n  b = 1, c = 2\n}\n")]
    public void Has_one_style(string written, string expected) => Assert.Equal(expected, Format(written));

    [Theory]
    [InlineData("a = some  words   here")]
    [InlineData("\"a key\" = 1")]
    [InlineData("a key = 1")]
    [InlineData("a.\"b.c\".d = 1")]
    [InlineData("a = \"x\"  ${?b}  y")]
    [InlineData("a = ${\"b}\"}")]
    [InlineData("a = \"{[#,//\"")]
    [InlineData("a = \"\"\"\"quoted\"\"\"\"")]
    [InlineData("a = \"\"\"\n   # no comment\n\t\t{ \r\n  \"\"\"")]
    [InlineData("a = ${b} { c = 1 }")]
    [InlineData("a = ${b} [1] ${c}")]
    [InlineData("a += { b = 1 }")]
    [InlineData("include \"x\"")]
    [InlineData("include required(file(\"x\"))")]
    [InlineData("included = 1")]
    [InlineData("a = 1e+5")]
    [InlineData("a = \u00A0b\u0085")]
    public void Text_stays_as_it_is_written(string line) => Assert.Equal(line.Replace("= \u00A0", "= ", StringComparison.Ordinal) + "\n", Format(line));

    [Fact]
    public void Comments_stay_where_they_are() => Assert.Equal(
        """
        # the first

        // the second
        a {  # behind the brace
          # before b
          b = 1  # behind b
          # the last
        }
        # the end

        """,
        Format("\n\n# the first  \n\n\n// the second\na { # behind the brace\n# before b\nb=1 ,# behind b\n   # the last\n\n} \n# the end"));

    [Fact]
    public void A_comment_between_a_key_and_its_value_comes_before_both() =>
        Assert.Equal("x = 0\n\n# why\n# how\na = 1\n", Format("x = 0\n\na # why\n = # how\n 1"));

    [Fact]
    public void Comments_behind_neighbouring_lines_stand_below_one_another() =>
        Assert.Equal("a = 1      # one\nbbb = 222  # two\n\nc = 3  # three\nd {    # four\n  e = 5  # five\n}\n",
            Format("a = 1 # one\nbbb = 222        # two\n\nc = 3 # three\nd { # four\ne = 5 # five\n}"));

    [Fact]
    public void Blank_lines_group_and_there_is_one_at_most() =>
        Assert.Equal("a = 1\n\nb {\n  c = 1\n\n  # d\n\n  d = 1\n}\n", Format("\n\na = 1\n\n\n\nb {\n\nc = 1\n\n\n# d\n\nd = 1\n\n\n}\n\n"));

    [Fact]
    public void What_is_too_long_for_one_line_is_broken() =>
        Assert.Equal($"a {{\n  b {{ c = {LongText} }}\n  d = [\n    {LongText}\n    {LongText}\n  ]\n  e = 1\n  f = 2\n}}\n", Format($"a {{ b {{ c = {LongText} }}, d = [{LongText}, {LongText}], e = 1, f = 2 }}"));

    [Fact]
    public void Neighbours_on_a_line_stay_on_it_while_they_fit() =>
        Assert.Equal($"a {{\n  b = 1, c = 2\n  d = {LongText}\n  e = {LongText}\n}}\n", Format($"a {{\nb = 1, c = 2\nd = {LongText}, e = {LongText}\n}}"));

    [Fact]
    public void Text_over_several_lines_has_each_key_around_it_on_a_line_of_its_own() =>
        Assert.Equal("a {\n  type = csharp\n  code = \"\"\"\n      one\n    two\"\"\"\n  to = b\n}\n", Format("a { type = csharp, code = \"\"\"\n      one\n    two\"\"\", to = b }"));

    [Fact]
    public void Lines_end_as_the_first_one_does() => Assert.Equal("a = 1\r\nb {\r\n  c = 1\r\n}\r\n", Format("a=1\r\nb {\r\nc=1\r\n}"));

    [Fact]
    public void An_empty_file_stays_empty() => Assert.Equal("", Format(" \n\n"));

    [Fact]
    public void The_page_shows_what_it_does()
    {
        var blocks = BlocksOf(Repository.Repository.File("docs/editors.md"));

        Assert.Equal(blocks[1], Format(blocks[0]));
    }

    private static void KeepsEverything(string text)
    {
        var formatted = Format(text);

        Assert.Equal(Meaning(text), Meaning(formatted));
        Assert.Equal(Comments(text), Comments(formatted));
        Assert.Equal(formatted, Format(formatted));
        Assert.DoesNotContain("\n\n\n", TripleQuoted.Replace(formatted, ""), StringComparison.Ordinal);
    }

    private static string Format(string text)
    {
        var source = new SourceText("node.conf", text);
        var (_, diagnostics) = HoconReader.ReadSyntax(source.Name, System.Text.Encoding.UTF8.GetBytes(text));
        Assert.Empty(diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => $"{diagnostic.Message}\n{text}"));
        return HoconFormatter.Format(source);
    }

    /// <summary>The resolved tree, and what is found wrong with it.</summary>
    private static string Meaning(string text)
    {
        var document = HoconReader.ReadText("node.conf", text, new HoconReaderOptions { Environment = _ => null, FollowsIncludes = false });
        return HoconPrinter.Print(document.Root) + string.Join('\n', document.Diagnostics.Select(diagnostic => diagnostic.Message));
    }

    /// <summary>All comments, by a look at the characters that is not the formatter's.</summary>
    private static List<string> Comments(string text) =>
        [.. Pieces.Matches(text).Where(match => match.Groups["comment"].Success).Select(match => match.Value.TrimEnd())];

    private static readonly Regex TripleQuoted = new("\"\"\".*?\"\"\"+", RegexOptions.Singleline);

    private static readonly Regex Pieces = new("\"\"\".*?\"\"\"+|\"(?:\\\\.|[^\"\\\\])*\"|(?<comment>(?:#|//)[^\n]*)", RegexOptions.Singleline);

    private static List<string> BlocksOf(string page) =>
        [.. Regex.Matches(File.ReadAllText(page), "^```hocon\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
}
