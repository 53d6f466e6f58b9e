using System.Runtime.Versioning;

namespace MessageRouter.InteropTests;

/// <summary>What a process says of a secret that a component of its says everywhere.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SecretsTests(ITestOutputHelper output) : InteropTest(output)
{
    private const string Password = "correct \"horse\" & battery";

    [SkippableTheory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task Neither_log_nor_error_event_nor_crash_has_it(string format)
    {
        var plugin = Path.Combine(AppContext.BaseDirectory, "plugins", "MessageRouter.TestPlugin.dll");
        File.SetUnixFileMode(Files.Write("password", Password + "\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Files.Write("node.conf", $$"""
            router {
              plugins = ["{{plugin}}"]
              inputs.in { type = stdin, to = login }
              filters.login { class = Acme.Filters.LogIn, password = secret { file = password }, to = out }
              outputs.out { type = stdout }
            }
            """);
        var node = MessageRouter("run", "node.conf", "--log-format", format, "--summary-file", "ledger.json");

        await node.WriteAsync("""{"crash":false}""");
        await node.Until(() => node.Errors.Lines.Any(line => line.StartsWith("{\"time\"", StringComparison.Ordinal)), "the error event");
        await node.WriteAsync("""{"crash":true}""");

        Assert.Equal(70, await node.Exits());
        var said = string.Join('\n', node.Errors.Lines.Concat(node.Output.Lines).Append(await File.ReadAllTextAsync(Files["ledger.json"])));
        Assert.DoesNotContain("horse", said, StringComparison.Ordinal);
        Assert.Contains("Cannot log in with Options { Password = *** }.", said, StringComparison.Ordinal);
        Assert.Contains("\"error\":\"cannot log in with ***\"", said, StringComparison.Ordinal);
        Assert.Contains("a thread outside the node's control has failed", said, StringComparison.Ordinal);
    }
}
