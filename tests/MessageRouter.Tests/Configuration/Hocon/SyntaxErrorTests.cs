using MessageRouter.Configuration;

namespace MessageRouter.Tests.Configuration.Hocon;

public sealed class SyntaxErrorTests
{
    [Theory]
    [InlineData("a {\n  b = 1\n", 1, 3, "this `{` is never closed")]
    [InlineData("{ a = 1", 1, 1, "this `{` is never closed")]
    [InlineData("a = [1, 2\nb = 3", 1, 5, "this `[` is never closed")]
    [InlineData("a { b = [1, 2 }\nc = 4", 1, 9, "this `[` is never closed")]
    [InlineData("a = [ { b = 1 ]", 1, 7, "this `{` is never closed")]
    [InlineData("a = 1\n  }\nb = 2", 2, 3, "this `}` closes nothing")]
    [InlineData("a = 1\n]", 2, 1, "this `]` closes nothing")]
    [InlineData("{ a = 1 }\n}", 2, 1, "this `}` closes nothing")]
    [InlineData("{ a = 1 } b = 2", 1, 11, "this stands behind the `}` that closes the file's root object")]
    [InlineData("a = \"foo\nb = 1", 1, 5, "this quote is never closed")]
    [InlineData("a { b = \"foo }", 1, 9, "this quote is never closed")]
    [InlineData("a { b = \"\"\"foo\n }", 1, 9, "this triple quote is never closed")]
    [InlineData("a\nb = 1", 1, 1, "the key `a` has no value")]
    [InlineData("a =\nb = 1", 1, 1, "the key `a` has no value")]
    [InlineData("a {\n  b.c = }", 2, 3, "the key `b.c` has no value")]
    [InlineData("a = , b = 1", 1, 1, "the key `a` has no value")]
    [InlineData("a [1]", 1, 3, "expected `=` or `:` between the key and the array")]
    [InlineData("a = b = c", 1, 7, "`=` cannot follow a value")]
    [InlineData("a = true \"b\" : false", 1, 14, "`:` cannot follow a value")]
    [InlineData("a = [\"b\" : 1]", 1, 10, "`:` cannot follow a value")]
    [InlineData("a = = b", 1, 5, "expected a value before `=`")]
    [InlineData(" = 5", 1, 2, "expected a key before `=`")]
    [InlineData("{ : 5 }", 1, 3, "expected a key before `:`")]
    [InlineData("a = 1,,", 1, 7, "there is nothing before this comma")]
    [InlineData("a = [,1]", 1, 6, "there is nothing before this comma")]
    [InlineData("a = [1,,2]", 1, 8, "there is nothing before this comma")]
    [InlineData("a = \"\\q\"", 1, 6, "`\\q` is no escape sequence")]
    [InlineData("a = \"\\u12\"", 1, 6, "`\\u` needs four hexadecimal digits")]
    [InlineData("a = \"\\ud800\"", 1, 6, "this escape is half a character")]
    [InlineData("a = \"x\ty\"", 1, 7, "a quoted string cannot contain a control character")]
    [InlineData("a..b = 1", 1, 3, "this path has an empty element")]
    [InlineData(".a = 1", 1, 1, "this path has an empty element")]
    [InlineData("a. = 1", 1, 2, "this path has an empty element")]
    [InlineData("a@b = 1", 1, 2, "`@` cannot stand in an unquoted path")]
    [InlineData("${a} = 1", 1, 1, "a path cannot contain a substitution")]
    [InlineData("a = ${}", 1, 5, "this substitution names nothing")]
    [InlineData("a = ${?}", 1, 5, "this substitution names nothing")]
    [InlineData("a = ${b", 1, 5, "this `${` is never closed")]
    [InlineData("a = [${]", 1, 6, "this `${` is never closed")]
    [InlineData("a = ${ ?b}", 1, 8, "`?` cannot stand in an unquoted path")]
    [InlineData("a = ${b${c}}", 1, 8, "a path cannot contain a substitution")]
    [InlineData("a = { x = 1 } foo", 1, 15, "a string and an object cannot be put together")]
    [InlineData("a = [1] \"\"", 1, 9, "a string and an array cannot be put together")]
    [InlineData("include foo", 1, 1, "`include` must be followed by a file name in quotes")]
    [InlineData("include = 1", 1, 1, "`include` must be followed by a file name in quotes")]
    [InlineData("include file(\"x\"", 1, 1, "this include lacks a `)`")]
    [InlineData("include url(\"http://x\")", 1, 13, "nothing can be included from a URL")]
    [InlineData("include \"http://x\"", 1, 9, "nothing can be included from a URL")]
    [InlineData("include classpath(\"x\")", 1, 19, "nothing can be included from a class path")]
    [InlineData("[1, 2]", 1, 1, "a configuration file must be an object, not an array")]
    [InlineData("a = 10e+3e", 1, 8, "`+` cannot stand in an unquoted value")]
    public void Points_at_the_mistake(string text, int line, int column, string message)
    {
        var error = Read.Error(text);

        Assert.Equal((message, line, column), (error.Message, error.Span!.Line, error.Span.Column));
        Assert.Equal(DiagnosticSeverity.Error, error.Severity);
    }

    [Theory]
    [InlineData('*')]
    [InlineData('&')]
    [InlineData('@')]
    [InlineData('!')]
    [InlineData('?')]
    [InlineData('^')]
    [InlineData('`')]
    [InlineData('\\')]
    [InlineData('$')]
    public void Says_which_character_needs_quotes(char reserved)
    {
        var error = Read.Error($"a = x{reserved}y z");

        Assert.Equal(($"`{reserved}` cannot stand in an unquoted value", 6), (error.Message, error.Span!.Column));
        Assert.Equal($"put it in quotes: `\"x{(reserved == '\\' ? "\\\\" : reserved.ToString())}y\"`", error.Hint);
    }

    [Theory]
    [InlineData("a = tcp://host:1", "tcp://host:1")]
    [InlineData("a = tcp://*:5222 # x", "tcp://*:5222")]
    [InlineData("a = [tcp://[::1]:5]", "tcp://[::1]:5")]
    [InlineData("a = host:5222, b = 1", "host:5222")]
    public void Says_that_an_address_needs_quotes(string text, string address)
    {
        var error = Read.Error(text);

        Assert.Equal(("`:` cannot stand in an unquoted value", address.Length), (error.Message, error.Span!.Length));
        Assert.Equal($"put it in quotes: `\"{address}\"`", error.Hint);
    }

    [Fact]
    public void Warns_where_two_slashes_cut_a_value()
    {
        var warning = Read.Error("a = /var//log");

        Assert.Equal((DiagnosticSeverity.Warning, "`//` begins a comment here", 9), (warning.Severity, warning.Message, warning.Span!.Column));
        Assert.Equal("if it belongs to the value, put that in quotes: `\"/var//log\"`", warning.Hint);
    }

    [Fact]
    public void Suspects_the_brace_whose_closing_is_indented_differently()
    {
        var error = Read.Error("router {\n  inputs {\n    a { type = y\n  }\n}\n");

        Assert.Equal((1, "is the `{` in line 3 closed where it should be?"), (error.Span!.Line, error.Hint));
    }

    [Fact]
    public void Goes_on_behind_each_mistake()
    {
        var document = Read.Text("a = tcp://x:1\nb..c = 2\n}\nd = [1,,2]\ne = b = c\nf =\ng = ${nope}\nh = 8");

        Assert.Equal([1, 2, 3, 4, 5, 6, 7], document.Diagnostics.Select(diagnostic => diagnostic.Span!.Line));
        Assert.True(document.HasErrors);
        Assert.True(document.Root.TryGet("h", out _));
    }

    [Fact]
    public void Places_count_characters_and_lines_from_one()
    {
        var document = Read.Text("a {\n\té = \"😀\", key = [1]\r\n}");

        Assert.True(document.Root.TryGet("a", out var a));
        var fields = ((MessageRouter.Configuration.Hocon.HoconObject)a.Value).Fields;
        Assert.Equal(["node.conf:2:2", "node.conf:2:12"], fields.Select(field => field.KeySpan.ToString()));
        Assert.Equal(["node.conf:2:6", "node.conf:2:18"], fields.Select(field => field.Value.Span.ToString()));
        Assert.Equal((1, 3), (fields[0].KeySpan.Length, fields[1].KeySpan.Length));
    }
}
