using MessageRouter.Configuration;

namespace MessageRouter.Tests.Configuration;

public sealed class DiagnosticPrinterTests
{
    [Fact]
    public void Shows_the_line_and_the_chain_of_includes()
    {
        var node = new SourceText("node.conf", "a = 1\n\ninclude \"conf.d/out.conf\"\n");
        var output = new SourceText("conf.d/out.conf", new string('\n', 13) + "    subscribe-dealy = 200ms\n", new SourceSpan(node, 3, 1, 25));

        Assert.Equal(
            """
            error: unknown key `subscribe-dealy` for output `bus` (zeromq)
              --> conf.d/out.conf:14:5
               |
            14 |     subscribe-dealy = 200ms
               |     ^^^^^^^^^^^^^^^ did you mean `subscribe-delay`?
               = included from node.conf:3

            1 error; nothing was started.

            """,
            DiagnosticPrinter.Print([new Diagnostic(
                DiagnosticSeverity.Error,
                "unknown key `subscribe-dealy` for output `bus` (zeromq)",
                new SourceSpan(output, 14, 5, 15),
                "did you mean `subscribe-delay`?")]));
    }

    [Fact]
    public void Orders_errors_before_warnings_by_file_and_line()
    {
        var a = new SourceText("a", "1\n2\n3");
        var b = new SourceText("b", "1\n2\n3");
        var printed = DiagnosticPrinter.Print(
        [
            new Diagnostic(DiagnosticSeverity.Warning, "w", new SourceSpan(a, 1, 1, 1)),
            new Diagnostic(DiagnosticSeverity.Error, "b2", new SourceSpan(b, 2, 1, 1)),
            new Diagnostic(DiagnosticSeverity.Error, "a3", new SourceSpan(a, 3, 1, 1)),
            new Diagnostic(DiagnosticSeverity.Error, "b1", new SourceSpan(b, 1, 1, 1)),
            new Diagnostic(DiagnosticSeverity.Error, "none", null),
        ]);

        var titles = printed.Split('\n').Where(line => line.StartsWith("error", StringComparison.Ordinal) || line.StartsWith("warn", StringComparison.Ordinal));
        Assert.Equal(["error: none", "error: a3", "error: b1", "error: b2", "warning: w"], titles);
        Assert.EndsWith("\n4 errors, 1 warning; nothing was started.\n", printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(50, 0, 50, "50 errors; nothing was started.\n")]
    [InlineData(51, 0, 50, "1 error more, not shown.\n\n51 errors; nothing was started.\n")]
    [InlineData(300_000, 3, 50, "299950 errors, 3 warnings more, not shown.\n\n300000 errors, 3 warnings; nothing was started.\n")]
    [InlineData(0, 60, 50, "10 warnings more, not shown.\n\n60 warnings.\n")]
    [InlineData(10, 60, 50, "20 warnings more, not shown.\n\n10 errors, 60 warnings; nothing was started.\n")]
    public void Shows_fifty_findings_and_counts_the_others(int errors, int warnings, int shown, string end)
    {
        var source = new SourceText("s", "x");
        var printed = DiagnosticPrinter.Print(Enumerable.Range(0, errors + warnings)
            .Select(i => new Diagnostic(i < errors ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning, "m", new SourceSpan(source, 1, 1, 1))));

        Assert.Equal(shown, printed.Split(": m\n").Length - 1);
        Assert.EndsWith("\n\n" + end, printed, StringComparison.Ordinal);
    }

    [Fact]
    public void Prints_nothing_for_nothing() => Assert.Equal("", DiagnosticPrinter.Print([]));

    [Fact]
    public void Starts_in_spite_of_warnings() =>
        Assert.Equal("warning: w\n\n1 warning.\n", DiagnosticPrinter.Print([new Diagnostic(DiagnosticSeverity.Warning, "w", null)]));

    [Theory]
    [InlineData("\ta = \tx@", 8, 1, "    a =     x@", "             ^")]
    [InlineData("日本 = a@b", 7, 1, "日本 = a@b", "        ^")]
    [InlineData("e\u0301 = @", 6, 1, "e\u0301 = @", "    ^")]
    [InlineData("a\u001B[31m = @", 10, 1, "a\\x1b[31m = @", "            ^")]
    [InlineData("a\u202E = @", 6, 1, "a\\u{202e} = @", "            ^")]
    [InlineData("a = 1", 6, 1, "a = 1", "     ^")]
    [InlineData("a = 1", 5, 99, "a = 1", "    ^")]
    [InlineData("", 1, 1, "", "^")]
    public void Puts_the_carets_under_the_place(string text, int column, int length, string line, string carets)
    {
        var printed = Printed(text, column, length);

        Assert.Equal((("1 | " + line).TrimEnd(), "  | " + carets), (printed[3], printed[4]));
    }

    [Fact]
    public void Cuts_a_long_line_around_the_place()
    {
        var printed = Printed(new string('a', 5000) + "@" + new string('b', 5000), 5001, 1);

        Assert.Equal($"1 | ...{new string('a', 60)}@{new string('b', 60)}...", printed[3]);
        Assert.Equal('@', printed[3][printed[4].IndexOf('^', StringComparison.Ordinal)]);
    }

    [Fact]
    public void Shows_no_control_characters_from_names_and_messages()
    {
        var source = new SourceText("a\u001B.conf", "x");
        var printed = DiagnosticPrinter.Print([new Diagnostic(DiagnosticSeverity.Error, "m\u0007", new SourceSpan(source, 1, 1, 1), "h\r")]);

        Assert.DoesNotContain(printed, c => char.IsControl(c) && c != '\n');
    }

    [Fact]
    public void Survives_a_place_outside_of_the_text() => Assert.Equal("9 |", DiagnosticPrinter.Print(
        [new Diagnostic(DiagnosticSeverity.Error, "m", new SourceSpan(new SourceText("s", "x"), 9, 50, 3))]).Split('\n')[3]);

    private static string[] Printed(string text, int column, int length) => DiagnosticPrinter.Print(
        [new Diagnostic(DiagnosticSeverity.Error, "m", new SourceSpan(new SourceText("s", text), 1, column, length))]).Split('\n');
}
