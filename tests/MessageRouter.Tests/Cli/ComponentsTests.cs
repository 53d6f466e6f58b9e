using MessageRouter.Cli.Listing;
using MessageRouter.Components;
using MessageRouter.Configuration.Binding;

namespace MessageRouter.Tests.Cli;

public sealed class ComponentsTests : IDisposable
{
    private static readonly string Plugin = Path.Combine(AppContext.BaseDirectory, "plugins", "MessageRouter.TestPlugin.dll");
    private readonly CliRun _cli = new();

    public static TheoryData<ComponentRole, string> BuiltIn
    {
        get
        {
            var data = new TheoryData<ComponentRole, string>();
            foreach (var type in BuiltIns.Registry().Types) data.Add(type.Role, type.Name);
            return data;
        }
    }

    public void Dispose() => _cli.Dispose();

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public async Task Each_page_names_every_key_and_its_example_is_valid(ComponentRole role, string name)
    {
        BuiltIns.Registry().TryFind(role, name, out var type);
        var page = ComponentPage.Print(type!);

        Assert.Contains(type!.Summary, page, StringComparison.Ordinal);
        var keys = type.OptionsType is { } options ? OptionsSchema.Of(options).Keys.Select(key => key.Name) : [];
        Assert.All(keys.Concat(["mailbox.capacity", "supervision.on-error"]), key => Assert.Contains($"    {key}", page, StringComparison.Ordinal));

        var block = page[(page.IndexOf("example:\n", StringComparison.Ordinal) + "example:\n".Length)..];
        var rest = role switch
        {
            ComponentRole.Input => "outputs { out { type = null } }",
            ComponentRole.Filter => $"inputs {{ in {{ type = null, to = my-{name} }} }}, outputs {{ out {{ type = null }} }}",
            _ => $"inputs {{ in {{ type = null, to = my-{name} }} }}",
        };
        var cluster = name == "cluster" ? "cluster { name = logs, seed-nodes = [\"127.0.0.1:4053\"] }" : "";
        var file = _cli.Write("node.conf", $"router {{\n{block}\n{rest}\n{cluster}\n}}");
        Assert.Equal((0, ""), (await _cli.RunAsync("validate", file), _cli.Error));
    }

    [Fact]
    public async Task A_page_shows_types_and_defaults_as_one_writes_them()
    {
        Assert.Equal(0, await _cli.RunAsync("components", "zeromq"));

        Assert.Matches(@"(?m)^input zeromq$", _cli.Output);
        Assert.Matches(@"(?m)^output zeromq$", _cli.Output);
        Assert.Matches(@"(?m)^    linger +duration +default 1s$", _cli.Output);
        Assert.Matches(@"(?m)^    subscribe-delay +duration +default 200ms$", _cli.Output);
        Assert.Matches(@"(?m)^    max-message-size +size +default 16MiB$", _cli.Output);
        Assert.Matches(@"(?m)^    subscribe +list of texts +default \[""""\]$", _cli.Output);
        Assert.Matches(@"(?m)^    socket-type +sub \| pull +default sub$", _cli.Output);
        Assert.Matches(@"(?m)^    reconnect.min +duration +default 100ms$", _cli.Output);
    }

    [Fact]
    public async Task The_page_of_a_filter_has_the_keys_of_its_form()
    {
        Assert.Equal(0, await _cli.RunAsync("components", "look-up", "--plugin", Plugin));

        Assert.Matches(@"(?m)^    concurrency +whole number +default 16$", _cli.Output);
        Assert.Matches(@"(?m)^    ordered +true \| false +default true$", _cli.Output);
        Assert.Matches(@"(?m)^    retry.attempts +whole number +default 1$", _cli.Output);
        Assert.Matches(@"(?m)^    retry.backoff +duration +default 100ms$", _cli.Output);
    }

    [Fact]
    public async Task A_page_of_another_form_has_no_keys_for_asynchronous_filters()
    {
        Assert.Equal(0, await _cli.RunAsync("components", "split", "--plugin", Plugin));

        Assert.DoesNotContain("concurrency", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_has_a_line_for_each_component_and_a_plug_ins()
    {
        Assert.Equal(0, await _cli.RunAsync("components", "--plugin", Plugin));

        Assert.All(BuiltIns.Registry().Types, type => Assert.Matches($@"(?m)^  {type.Name} +{System.Text.RegularExpressions.Regex.Escape(type.Summary)}$", _cli.Output));
        Assert.Matches("(?m)^  redact +Replaces the values of some fields.$", _cli.Output);
    }

    [Theory]
    [InlineData("0", "0s")]
    [InlineData("00:00:00.2", "200ms")]
    [InlineData("00:01:30", "90s")]
    [InlineData("1.00:00:00", "1d")]
    [InlineData("00:00:00.0000001", "0.1us")]
    public void Durations_have_the_largest_unit_that_fits(string duration, string expected) =>
        Assert.Equal(expected, ValueText.Of(TimeSpan.Parse(duration, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(0L, "0B")]
    [InlineData(1000L, "1000B")]
    [InlineData(16L << 20, "16MiB")]
    public void Sizes_have_the_largest_unit_that_fits(long bytes, string expected) => Assert.Equal(expected, ValueText.Of(bytes, isByteSize: true));

    [Fact]
    public void Keys_say_what_they_take() => Assert.Equal(
        ["number", "whole number", "size", "URI", "list of texts", "list of numbers", "list of blocks", "block of whole numbers"],
        KeyLine.Of(typeof(Kinds), "").Select(key => key.Kind));

    private sealed record Kinds(
        decimal A, ulong B, [ByteSize] long C, Uri D, HashSet<string> E, float[] F, IReadOnlyList<Kinds.Sub> G, Dictionary<string, uint> H)
    {
        public sealed record Sub(string Name);
    }
}
