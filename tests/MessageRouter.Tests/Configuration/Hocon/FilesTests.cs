using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Tests.Configuration.Hocon;

public sealed class FilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hocon").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Later_files_win_and_substitutions_see_all_of_them()
    {
        var first = Write("first.conf", "name = one, host = ${name}, list = [1], o { a = 1 }");
        var second = Write("second.json", """{ "name": "two", "o": { "b": 2 } }""");
        var third = Write("third.hocon", "list += 2");

        Assert.Equal("""{"name":"two","host":"two","list":[1,2],"o":{"a":1,"b":2}}""", Json(HoconReader.ReadFiles([first, second, third], Read.Options)));
    }

    [Fact]
    public void Overrides_win_over_all_files()
    {
        var file = Write("a.conf", "a { b = 1 }, c = ${a.b}, l = [1]");
        var options = Read.Options with { Overrides = ["a.b=2", "l += [x]", "d={ e = ${c} }", "f=\"tcp://h:1\"", "a.\"x.y\" : on", "a.b = 3"] };

        Assert.Equal(
            """{"a":{"b":3,"x.y":"on"},"c":3,"l":[1,["x"]],"d":{"e":3},"f":"tcp://h:1"}""", Json(HoconReader.ReadFiles([file], options)));
    }

    [Theory]
    [InlineData("a", 1, "the key `a` has no value")]
    [InlineData("a=", 1, "the key `a` has no value")]
    [InlineData("", 1, "an override is `path=value`")]
    [InlineData("=1", 1, "expected a key before `=`")]
    [InlineData("a=1,b=2", 4, "an override is one `path=value`; this is behind its value")]
    [InlineData("a=1\nb=2", 1, "an override is one `path=value`; this is behind its value")]
    [InlineData("a=tcp://h:1", 3, "`:` cannot stand in an unquoted value")]
    [InlineData("a=[1", 3, "this `[` is never closed")]
    [InlineData("a=${b}", 3, "`${b}` is not defined")]
    public void Points_into_a_bad_override(string text, int column, string message)
    {
        var error = Assert.Single(HoconReader.ReadText("node.conf", "x = 1", Read.Options with { Overrides = [text] }).Diagnostics);

        Assert.Equal((message, "--set", column), (error.Message, error.Span!.Source.Name, error.Span.Column));
    }

    [Fact]
    public void Includes_are_relative_to_the_including_file()
    {
        var node = Write("node.conf", "include \"conf.d/in\"\ninclude required(file( \"conf.d/out.conf\" )), x = 1\nb { include file(\"b.json\") }");
        Write("conf.d/in.conf", "a = 1, from = conf\ninclude required(\"deep/er.conf\")");
        Write("conf.d/in.json", """{ "from": "json", "j": true }""");
        Write("conf.d/deep/er.conf", "deep = 1");
        Write("conf.d/out.conf", "{ out = 2 }");
        Write("b.json", """{ "c": 3 }""");

        Assert.Equal(
            """{"from":"conf","j":true,"a":1,"deep":1,"out":2,"x":1,"b":{"c":3}}""", Json(HoconReader.ReadFiles([node], Read.Options)));
    }

    [Fact]
    public void Substitutions_look_where_the_file_was_included_and_then_at_the_root()
    {
        var node = Write("node.conf", "y = root, a { include \"foo.conf\" }, a { x = 42 }, l = [ { include \"foo.conf\" } ], m += { include \"foo.conf\" }");
        Write("foo.conf", "x = 10, z = ${x}, r = ${y}, e = ${?ENV}, p { include \"bar.conf\" }");
        Write("bar.conf", "q = ${x}, own = 1, o = ${own}");
        var options = Read.Options with { Environment = name => name == "ENV" ? "env" : null };

        const string InList = """[{"x":10,"z":10,"r":"root","e":"env","p":{"q":10,"own":1,"o":1}}]""";
        Assert.Equal(
            $$$"""{"y":"root","a":{"x":42,"z":42,"r":"root","e":"env","p":{"q":42,"own":1,"o":1}},"l":{{{InList}}},"m":{{{InList}}}}""",
            Json(HoconReader.ReadFiles([node], options)));
    }

    [Fact]
    public void A_mistake_in_an_included_file_names_the_chain()
    {
        var node = Write("node.conf", "# first\n\ninclude \"a.conf\"\n");
        Write("a.conf", "x = 1\ninclude \"b.conf\"");
        Write("b.conf", "y = 1\n  }");

        var document = HoconReader.ReadFiles([node], Read.Options);
        Assert.Equal(
            $$"""
            error: this `}` closes nothing
             --> {{Path("b.conf")}}:2:3
              |
            2 |   }
              |   ^
              = included from {{Path("a.conf")}}:2
              = included from {{Path("node.conf")}}:3

            1 error; nothing was started.

            """,
            DiagnosticPrinter.Print(document.Diagnostics));
    }

    [Theory]
    [InlineData("include \"b.conf\"", 9)]
    [InlineData("include file(\"b.conf\")", 14)]
    [InlineData("include required(\"b.conf\")", 18)]
    [InlineData("include \"b\"", 9)]
    public void Every_missing_include_is_an_error(string text, int column)
    {
        var error = Assert.Single(HoconReader.ReadFiles([Write("node.conf", "a = 1\n" + text)], Read.Options).Diagnostics);

        Assert.Equal((2, column), (error.Span!.Line, error.Span.Column));
        Assert.StartsWith("cannot include `b", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Suggests_the_file_that_was_probably_meant()
    {
        Write("output.conf", "");

        Assert.Equal(
            "did you mean `output.conf`?",
            Assert.Single(HoconReader.ReadFiles([Write("node.conf", "include \"outptu.conf\"")], Read.Options).Diagnostics).Hint);
    }

    [Fact]
    public void Reports_a_file_that_includes_itself()
    {
        var node = Write("node.conf", "include \"sub/../a.conf\"");
        Write("sub/x.conf", "");
        Write("a.conf", "x = 1, include \"node\"");

        var error = Assert.Single(HoconReader.ReadFiles([node], Read.Options).Diagnostics);
        Assert.EndsWith("node.conf` includes itself", error.Message, StringComparison.Ordinal);
        Assert.Equal("node.conf -> a.conf -> node.conf", error.Hint);
        Assert.Equal((1, 16), (error.Span!.Line, error.Span.Column));
    }

    [Fact]
    public void Limits_how_often_files_include_one_another()
    {
        for (var index = 0; index < 40; index++)
        {
            Write($"f{index}.conf", $"include \"f{index + 1}.conf\"\ninclude \"f{index + 1}.conf\"");
        }

        Write("f40.conf", "");
        var error = Assert.Single(HoconReader.ReadFiles([Path("f0.conf")], Read.Options).Diagnostics);
        Assert.Equal("there are more than 1000 includes", error.Message);
    }

    [Fact]
    public void A_missing_file_is_a_finding_and_the_others_are_read()
    {
        var document = HoconReader.ReadFiles([Path("nope.conf"), _directory, "a\0b", Write("a.conf", "a = 1\n}")], Read.Options);

        Assert.Equal(
            [$"cannot read `{Path("nope.conf")}`: there is no such file", $"cannot read `{_directory}`: it is a directory", "`a\0b` is no file name", "this `}` closes nothing"],
            document.Diagnostics.Select(diagnostic => diagnostic.Message));
        Assert.True(document.Root.TryGet("a", out _));
    }

    [Fact]
    public void Points_at_bytes_that_are_no_text()
    {
        File.WriteAllBytes(Path("bad.conf"), [.. "a = 1\nb = é"u8, 0xFF, .. "x"u8]);
        File.WriteAllBytes(Path("wide.conf"), [0xFF, 0xFE, (byte)'a', 0]);

        var errors = HoconReader.ReadFiles([Path("bad.conf"), Path("wide.conf")], Read.Options).Diagnostics;
        Assert.All(errors, error => Assert.Equal("this is not valid UTF-8", error.Message));
        Assert.Equal([(2, 6), (1, 1)], errors.Select(error => (error.Span!.Line, error.Span.Column)));
        Assert.Equal("the file looks like UTF-16; save it as UTF-8", errors[1].Hint);
    }

    [Fact]
    public void A_byte_order_mark_is_no_text()
    {
        File.WriteAllBytes(Path("bom.conf"), [0xEF, 0xBB, 0xBF, .. "a = 1"u8]);

        var document = HoconReader.ReadFiles([Path("bom.conf")], Read.Options);
        Assert.Equal("""{"a":1}""", Json(document));
        Assert.Equal(1, document.Root.Fields[0].KeySpan.Column);
    }

    [Fact]
    public void Limits_how_much_is_read()
    {
        var file = Write("big.conf", new string('#', 1000));

        Assert.EndsWith(
            "all files together have more than 999 bytes",
            Assert.Single(HoconReader.ReadFiles([file], Read.Options with { MaxTextSize = 999 }).Diagnostics).Message,
            StringComparison.Ordinal);
    }

    private static string Json(HoconDocument document)
    {
        Assert.Empty(document.Diagnostics.Select(diagnostic => diagnostic.Message));
        return Read.Json(document.Root);
    }

    private string Path(string name) => System.IO.Path.Combine(_directory, name);

    private string Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        File.WriteAllText(Path(name), text);
        return Path(name);
    }
}
