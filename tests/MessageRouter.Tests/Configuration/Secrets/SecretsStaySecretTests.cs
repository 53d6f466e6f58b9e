using System.ComponentModel.DataAnnotations;
using System.Runtime.Versioning;
using System.Text;
using MessageRouter.Cli.InForce;
using MessageRouter.Cli.Running;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Configuration.Secrets;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Configuration.Secrets;

/// <summary>The text of a secret is in the options of the component, and nowhere else.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SecretsStaySecretTests
{
    private const string Password = "correct-horse \"battery\" staple";

    private static readonly HoconReaderOptions Reading = new() { Environment = name => name == "PASSWORD" ? Password : null };

    [Theory]
    [InlineData("the definition of the node")]
    [InlineData("the definition of the component")]
    [InlineData("the configuration in force")]
    [InlineData("the same as JSON")]
    [InlineData("what its hash is of")]
    [InlineData("what two readings are compared by")]
    [InlineData("the status")]
    [InlineData("the summary")]
    [InlineData("the health")]
    [InlineData("the last error")]
    [InlineData("the recent errors")]
    [InlineData("the error event")]
    [InlineData("the log on the standard error")]
    public async Task It_is_not_in(string what)
    {
        var definition = Read(Node("password = secret { env = PASSWORD }"));
        var source = new ProbeSource();
        await using var node = await TestNode.StartAsync(definition with { Components = [source.Input() with { To = ["f"] }, .. definition.Components.Where(component => component.Role != ComponentRole.Input)] });
        source.Send("""{"n":1}""");
        await Eventually.IsTrueAsync(() => node.Texts("errors").Count == 1);

        var filter = definition.Components.Single(component => component.Name == "f");
        var cell = node.CellOf("filters/f");
        var told = what switch
        {
            "the definition of the node" => definition.ToString(),
            "the definition of the component" => filter.ToString(),
            "the configuration in force" => HoconText.Write(definition.InForce(), withOrigins: true),
            "the same as JSON" => ConfigJson.Write(definition.InForce(), withOrigins: true),
            "what its hash is of" => HoconPrinter.Print(HoconReader.ReadText("node.conf", Node("password = secret { env = PASSWORD }"), Reading).Root),
            "what two readings are compared by" => node.Node.PlanReload(definition).ToString(),
            "the status" => node.Node.Status().ToJson(),
            "the summary" => node.Node.Ledger().ToJson(),
            "the health" => node.Node.Health().ToString(),
            "the last error" => cell.LastError!,
            "the recent errors" => cell.RecentErrors.All.Single().Problem,
            "the error event" => node.Texts("errors").Single(),
            _ => Written($"{filter.Options} cannot log in with {Password}, and as JSON {System.Text.Json.JsonSerializer.Serialize(Password)}"),
        };

        Assert.Equal(Password, ((Vault.Options)filter.Options!).Password);
        Assert.DoesNotContain("horse", told, StringComparison.Ordinal);
        Assert.NotEmpty(told);
    }

    [Theory]
    [InlineData("number = secret { env = PASSWORD }", "`number` of filter `f` (vault): what its secret holds is not what the key takes")]
    [InlineData("color = secret { env = PASSWORD }", "`color` of filter `f` (vault): what its secret holds is not what the key takes")]
    [InlineData("numbers = [1, secret { env = PASSWORD }]", "`numbers` of filter `f` (vault): what its secret holds is not what the key takes")]
    [InlineData("address = secret { env = PASSWORD }", "`address` of filter `f` (vault): what its secret holds is not what the key takes")]
    [InlineData("time = secret { env = PASSWORD }", "`time` of filter `f` (vault): what its secret holds is not what the key takes")]
    [InlineData("checked = secret { env = PASSWORD }", "filter `f` (vault): `checked` cannot be ***")]
    [InlineData("thrown = secret { env = PASSWORD }", "filter `f` (vault) cannot read its options: InvalidOperationException: *** is refused")]
    public void A_value_that_is_wrong_is_not_shown(string keys, string expected)
    {
        var exception = Assert.Throws<ConfigurationException>(() => Read(Node(keys)));

        var error = Assert.Single(exception.Diagnostics);
        Assert.True(error.Message.StartsWith(expected, StringComparison.Ordinal), error.Message);
        Assert.DoesNotContain("horse", exception.Message + error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pin", "it is pin here", "it is pin here")]
    [InlineData("a-password", "it is a-password here", "it is *** here")]
    [InlineData("line one of a key\nline two of a key\n", "has line two of a key", "has ***")]
    public void What_a_process_says_is_without_the_secrets_that_it_has_read(string secret, string said, string expected)
    {
        KnownSecrets.Add(secret);

        Assert.Equal(expected, KnownSecrets.Hide(said));
    }

    [Theory]
    [InlineData("""{"reopened":["it is 73110-open"],"open":"73110-open"}""", """{"reopened":["it is ***"],"open":"***"}""")]
    [InlineData("""{"73110-open-x":[true,null,{}],"text":"ä \" 73110-open<"}""" + "\n", """{"73110-open-x":[true,null,{}],"text":"ä \" ***<"}""" + "\n")]
    [InlineData("""{"pin":731100,"count":7311001,"share":0.731100,"text":"731100"}""", """{"pin":"***","count":7311001,"share":0.731100,"text":"***"}""")]
    [InlineData("{no JSON: 73110-open", "{no JSON: ***")]
    [InlineData("""{"nothing": "hidden" }""", """{"nothing": "hidden" }""")]
    public void JSON_is_the_same_without_the_secrets_that_it_tells(string said, string expected)
    {
        KnownSecrets.Add("73110-open");
        KnownSecrets.Add("731100");

        Assert.Equal(expected, KnownSecrets.HideInJson(said));
    }

    private static string Node(string keys) => $$"""
        router {
          errors { type = test }
          inputs.in { type = null, to = f }
          filters.f { type = vault, {{keys}}, to = out }
          outputs.out { type = test }
        }
        """;

    private static NodeDefinition Read(string text) =>
        NodeReader.Read(HoconReader.ReadText("node.conf", text, Reading), BuiltIns.Registry().Add<Vault>("vault", ""));

    private static string Written(string line)
    {
        using var stream = new MemoryStream();
        using var writer = new ErrorWriter(stream);
        writer.WriteLine(line);
        writer.Finish(TestNode.Patience, TestNode.Patience);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Says its password wherever it can.</summary>
    internal sealed class Vault(Vault.Options options) : FilterActor
    {
        protected override Message? Filter(Message message) => throw new InvalidOperationException($"Cannot log in with {options.Password}.", new InvalidOperationException(options.ToString()));

        internal enum Shade
        {
            Red,
        }

        internal sealed record Options : IValidatableObject
        {
            public string Password { get; init; } = "";

            public int Number { get; init; }

            public IReadOnlyList<int> Numbers { get; init; } = [];

            public Shade Color { get; init; }

            public Uri? Address { get; init; }

            public TimeSpan Time { get; init; }

            public string Checked { get; init; } = "";

            public string Thrown
            {
                get;
                init => field = value.Length == 0 ? value : throw new InvalidOperationException($"{value} is refused");
            } = "";

            public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
            {
                if (Checked.Length > 0) yield return new ValidationResult($"cannot be {Checked}", [nameof(Checked)]);
            }
        }
    }
}
