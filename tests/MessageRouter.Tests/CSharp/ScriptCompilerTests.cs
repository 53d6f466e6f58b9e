using System.Runtime.CompilerServices;
using MessageRouter.CSharp;
using Microsoft.Extensions.Logging.Abstractions;

namespace MessageRouter.Tests.CSharp;

public class ScriptCompilerTests
{
    [Theory]
    [InlineData("""message["level"] == "error" && message["n"] > 5""")]
    [InlineData("""message["text"].Contains("full") || message["n"] == 7""")]
    [InlineData("""new[] { "error", "fatal" }.Contains(message["level"]?.ToString()) // the bad ones""")]
    [InlineData("""Regex.IsMatch(message.ToString(), "err.r")""")]
    [InlineData("""message.Parse() is JObject { Count: 2 } tree && (string)tree["level"] == "error" """)]
    [InlineData("""message.Format == MessageFormat.Json && clock.GetUtcNow().Year > 2000 && !logger.IsEnabled(LogLevel.Trace)""")]
    [InlineData("""System.Text.Json.JsonDocument.Parse(message.Payload).RootElement.GetProperty("n").GetInt32() == 7""")]
    public void A_condition_passes_the_messages_for_which_it_is_true(string condition)
    {
        var message = Message.FromJson("""{"level":"error","n":7}""");

        Assert.Same(message, Run(ScriptCompiler.CompileCondition(condition), message));
        Assert.Null(Run(ScriptCompiler.CompileCondition($"!({condition}\n)"), message));
    }

    [Theory]
    [InlineData("(", "true", ")", 200, null)]
    [InlineData("(", "true", ")", 201, "more than 200 brackets are open here")]
    [InlineData("!", "true", "", 3998, null)]
    [InlineData("!", "true", "", 4000, "this has more than 4000 words and signs in a row, without a semicolon or brace")]
    [InlineData("true && ", "true", "", 1999, null)]
    [InlineData("true && ", "true", "", 2000, "this has more than 4000 words and signs in a row, without a semicolon or brace")]
    [InlineData("true && ", "true", "", 20_000, "this is more than 64 KiB of C#")]
    public void A_script_has_a_size_beyond_which_the_compiler_would_take_the_process_with_it(string before, string middle, string after, int times, string? problem)
    {
        var script = ScriptCompiler.CompileCondition(string.Concat(Enumerable.Repeat(before, times)) + middle + string.Concat(Enumerable.Repeat(after, times)));

        Assert.Equal(problem, script.Errors.FirstOrDefault()?.Message);
    }

    [Fact]
    public void A_body_returns_what_goes_on()
    {
        var script = ScriptCompiler.CompileBody("""
            // Marks what is bad.
            if (message["level"] == "debug") return null;
            string Mark(int n) => n > 5 ? "bad" : "good";
            return message.Edit(body => { body["mark"] = Mark((int)message["n"]); body.Remove("level"); });
            """);

        Assert.Equal("""{"n":7,"mark":"bad"}""", Run(script, Message.FromJson("""{"level":"error","n":7}"""))!.ToString());
        Assert.Null(Run(script, Message.FromJson("""{"level":"debug","n":7}""")));
    }

    [Theory]
    [InlineData("mesage[\"a\"] == 1", 0, "mesage", "The name 'mesage' does not exist in the current context (CS0103)", "did you mean `message`?")]
    [InlineData("true && count > 1", 8, "count", "The name 'count' does not exist in the current context (CS0103)", "in scope are message, logger, clock")]
    [InlineData("message[\"flag\"]", 0, "message[\"flag\"]", "Cannot implicitly convert type 'MessageRouter.MessageField?' to 'bool' (CS0266)", "compare it with a value, or cast it")]
    [InlineData("message.level == \"x\"", 8, "level", "'Message' does not contain a definition for 'level' (CS1061)", "a field is read as message[\"name\"]")]
    [InlineData("message['level'] != null", 8, "", "Too many characters in character literal (CS1012)", "texts stand in double quotes; within \"…\" write \\\", or put the value in \"\"\"…\"\"\"")]
    [InlineData("return true", 0, "return", "Invalid expression term 'return' (CS1525)", "an expression has no `return`; a body stands in `code`")]
    [InlineData("true, false", 4, "", "Unexpected token ',' (CS1073)", null)]
    [InlineData("true; } void X() {", 4, "", "Unexpected token ';' (CS1073)", null)]
    [InlineData("message[\"n\"] > \n\n", 14, "", "Expected expression (CS1733)", null)]
    [InlineData("", 0, "", "Expected expression (CS1733)", null)]
    [InlineData("StreamReader.Null == null", 0, "StreamReader", "The name 'StreamReader' does not exist in the current context (CS0103)", "in scope are message, logger, clock")]
    [InlineData("message.Parse()[\"a\"] == \"x\"", 0, "message.Parse()[\"a\"] == \"x\"", "Operator '==' cannot be applied to operands of type 'JToken' and 'string' (CS0019)",
        "a field compares as message[\"name\"] == value; cast a JToken first: (string)token")]
    public void A_mistake_in_a_condition_has_its_place_and_a_cure(string condition, int start, string culprit, string message, string? hint)
    {
        var script = ScriptCompiler.CompileCondition(condition);

        Assert.Equal(new ScriptError(start, culprit.Length, message, hint), Assert.Single(script.Errors));
        Assert.StartsWith(culprit, condition[start..], StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Run(script, Message.FromText("")));
    }

    [Fact]
    public void All_mistakes_of_a_body_are_found()
    {
        const string body = """
            var a = messge["a"];
            StringBuildr b = null;
            """;

        var errors = ScriptCompiler.CompileBody(body).Errors;

        Assert.Equal(["messge", "StringBuildr", ""], errors.Select(error => body.Substring(error.Start, error.Length)));
        Assert.Equal("not all code paths return a value (CS0161)", errors[^1].Message);
        Assert.Equal((body.Length, "return the message, another one, or null"), (errors[^1].Start, errors[^1].Hint));
    }

    [Theory]
    [InlineData("return message", 14, "; expected (CS1002)")]
    [InlineData("if (true) { return null;\n", 24, "} expected (CS1513)")]
    [InlineData("return null; } int X() { return 1;", 15, "Unexpected token 'int' (CS1073)")]
    public void A_body_ends_where_its_text_ends(string body, int start, string message)
    {
        var error = Assert.Single(ScriptCompiler.CompileBody(body).Errors);

        Assert.Equal((start, message), (error.Start, error.Message));
    }

    [Theory]
    [InlineData("return \"text\";", "\"text\"", "Cannot implicitly convert type 'string' to 'MessageRouter.Message' (CS0029)", "return the message, another one, or null")]
    [InlineData("await System.Threading.Tasks.Task.Delay(1); return null;", "await System.Threading.Tasks.Task.Delay(1)", "The 'await' operator can only be used within an async method (CS4032)", "C# in the configuration does not wait; what waits is an AsyncFilterActor in a plug-in")]
    public void A_mistake_in_a_body_has_a_cure_that_is_possible_there(string body, string culprit, string message, string hint)
    {
        var error = Assert.Single(ScriptCompiler.CompileBody(body).Errors);

        Assert.Equal((culprit, message, hint), (body.Substring(error.Start, error.Length), error.Message, error.Hint));
    }

    [Theory]
    [InlineData("message[\"a\"] == 'x'")]
    [InlineData("message[\"a\"] != 'x'")]
    [InlineData("'x' == message[\"a\"]")]
    [InlineData("'x' != message[\"a\"]")]
    [InlineData("message[\"a\"] < 'x'")]
    [InlineData("message[\"a\"] >= 'x'")]
    public void A_field_that_is_compared_with_a_character_does_not_compile(string condition)
    {
        const string problem = "A field is compared with a text, in double quotes, not with a character (CS0619)";
        const string hint = "texts stand in double quotes; within \"…\" write \\\", or put the value in \"\"\"…\"\"\"";

        Assert.Equal(new ScriptError(0, condition.Length, problem, hint), Assert.Single(ScriptCompiler.CompileCondition(condition).Errors));
    }

    [Fact]
    public void What_was_compiled_is_unloaded_with_its_last_use()
    {
        var script = Compiled();

        for (var i = 0; i < 20 && script.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(script.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Compiled()
    {
        var script = ScriptCompiler.CompileCondition("message != null");
        Assert.NotNull(Run(script, Message.FromText("")));
        return new WeakReference(script.Class!.Assembly);
    }

    private static Message? Run(CompiledScript script, Message message) => script.Create(NullLogger.Instance, TimeProvider.System)(message);
}
