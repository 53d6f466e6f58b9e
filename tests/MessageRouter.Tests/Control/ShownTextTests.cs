using MessageRouter.Control.Serving;

namespace MessageRouter.Tests.Control;

/// <summary>What of a file is shown with a component.</summary>
public class ShownTextTests
{
    [Theory]
    [InlineData("a { type = x, to = [b, c] }\nb { }", "a { type = x, to = [b, c] }")]
    [InlineData("a {\n  # a } in a comment\n  when = \"\"\"m[\"x\"] == \"}\" \"\"\"\n  y = \"\\\"}\"\n}\nb { }", "a {\n  # a } in a comment\n  when = \"\"\"m[\"x\"] == \"}\" \"\"\"\n  y = \"\\\"}\"\n}")]
    [InlineData("a { // }\n }", "a { // }\n }")]
    [InlineData("a = 1\nb = 2", "a = 1")]
    [InlineData("a.b.c = 1 # x\nb = 2", "a.b.c = 1 # x")]
    [InlineData("a { b { c = [ { d = 1 } ] } } }", "a { b { c = [ { d = 1 } ] } }")]
    [InlineData("a { open", "a { open")]
    [InlineData("a { \"open", "a { \"open")]
    [InlineData("a } b", "a ")]
    public void A_block_ends_where_its_brace_is_closed(string text, string block) => Assert.Equal(block, text[..BlockEnd.Of(text, 0)]);

    [Theory]
    [InlineData("a { password = hunter2, x = 1 }", "a { password = \"…\", x = 1 }")]
    [InlineData("a { api-key : \"k \\\" 2\"\n x = 1 }", "a { api-key : \"…\"\n x = 1 }")]
    [InlineData("a { smtp.Secret-Key = \"\"\"a\nb\"\"\" }", "a { smtp.Secret-Key = \"…\" }")]
    [InlineData("a { token-file = keys/token }", "a { token-file = \"…\" }")]
    [InlineData("a { password = secret { file = p }, x = 1 }", "a { password = secret { file = p }, x = 1 }")]
    [InlineData("a { key = level, match = error }", "a { key = level, match = error }")]
    public void Secrets_are_left_out(string block, string shown) => Assert.Equal(shown, SecretText.Hide(block));
}
