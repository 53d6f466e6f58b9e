using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Routing;

namespace MessageRouter.Tests.Configuration;

/// <summary>Configurations as large as the limits allow are read, or what is too large is told, in a time that their size is no power of.</summary>
public sealed class LargeNodeTests
{
    private const int Many = 3_000;

    [Fact]
    public void Reads_a_fan_out_to_thousands_of_filters() => Assert.Equal(
        Many + 2,
        Read($"inputs {{ a {{ type = null, to = [{Join(i => $"f{i}", ", ")}] }} }}, filters {{ {Join(i => $"f{i} {{ type = null, to = b }}", ", ")} }}, outputs {{ b {{ type = null }} }}").Components.Count);

    [Fact]
    public void Reads_a_chain_of_thousands_of_filters() => Assert.Equal(Many + 2, Read(Chain(last: "b")).Components.Count);

    [Fact]
    public void Shows_the_beginning_of_a_long_cycle() => Assert.Equal(
        "messages would go round for ever: f0 → f1 → f2 → f3 → f4 → f5 → f6 → f7 → …",
        Findings(Chain(last: "f0") + ", outputs { b { type = null } }").Single(finding => !finding.Message.StartsWith("nothing feeds", StringComparison.Ordinal)).Message[..75]);

    [Fact]
    public void Reads_thousands_of_outputs_with_addresses_of_their_own() => Assert.Equal(
        Many + 1,
        Read($"inputs {{ a {{ type = null, to = [{Join(i => $"o{i}", ", ")}] }} }}, outputs {{ {Join(i => $"o{i} {{ type = zeromq, bind = \"tcp://127.0.0.1:{i + 1}\" }}", ", ")} }}").Components.Count);

    [Fact]
    public void Counts_thousands_of_mistakes_and_shows_the_first_fifty()
    {
        var report = Report($"inputs {{ a {{ type = null, to = [{Join(i => $"unknown{i}", ", ")}] }} }}, filters {{ {Join(i => $"filter{i} {{ type = null, to = a }}", ", ")} }}");

        Assert.Equal(50, report.Split("error: ").Length - 1);
        Assert.EndsWith("\n\n8950 errors more, not shown.\n\n9000 errors; nothing was started.\n", report, StringComparison.Ordinal);
        Assert.True(report.Length < 50_000);
    }

    [Theory]
    [InlineData("filter", "{0} {{ type = null, colour = red, to = b }}")]
    [InlineData("filter", "{0} {{ type = nope, to = b }}")]
    [InlineData("filter", "{0} {{ class = No.Such, to = b }}")]
    [InlineData("filter", "\"{0} \" {{ type = null, to = b }}")]
    [InlineData("filter", "{0} = 5")]
    public void A_mistake_in_each_of_thousands_of_blocks_is_told_at_no_cost(string name, string block) => Assert.True(Findings(
        $"inputs {{ a {{ type = null, to = b }} }}, filters {{ {Join(i => string.Format(null, block, $"{name}{i}"), ", ")} }}, outputs {{ b {{ type = null }} }}").Count >= Many);

    [Theory]
    [InlineData(1000, 20, 1, null)]
    [InlineData(1000, 21, 1, "with filter `f19` there are more than 20000 components and copies of filters")]
    [InlineData(1000, 1000, 1, "with filter `f19` there are more than 20000 components and copies of filters")]
    [InlineData(1000, 2, 150, "with filter `f1` there are more than 200000 connections between components and copies of filters")]
    public void Limits_what_copies_of_filters_multiply(int instances, int pools, int targets, string? problem)
    {
        var outputs = Enumerable.Range(0, targets).Select(i => $"o{i}").ToList();
        var router = $$"""
            inputs { a { type = null, to = [{{string.Join(", ", Enumerable.Range(0, pools).Select(i => $"f{i}"))}}] } }
            filters { {{string.Join(", ", Enumerable.Range(0, pools).Select(i => $"f{i} {{ type = null, instances = {(problem is null && i == 0 ? 1 : instances)}, to = [{string.Join(", ", outputs)}] }}"))}} }
            outputs { {{string.Join(", ", outputs.Select(name => $"{name} {{ type = null }}"))}} }
            """;

        if (problem is null) Assert.Equal(pools + targets + 1, Read(router).Components.Count);
        else Assert.Equal((problem, "take fewer `instances`, or divide the node into several"), (Assert.Single(Findings(router)).Message, Findings(router)[0].Hint));
    }

    [Theory]
    [InlineData(128, null)]
    [InlineData(129, "is too long to name a component")]
    [InlineData(100_000, "is too long to name a component")]
    public void Limits_the_length_of_a_name(int length, string? problem)
    {
        var name = new string('n', length);
        var router = $"inputs {{ a {{ type = null, to = {name} }} }}, outputs {{ {name} {{ type = null }} }}";

        if (problem is null) Read(router);
        else Assert.Contains(problem, Assert.Single(Findings(router)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mailbox { capacity = # }", "999999999999999999999999999999")]
    [InlineData("mailbox { capacity = # }", "1e999999999")]
    [InlineData("mailbox { capacity = # }", "-1")]
    [InlineData("mailbox { capacity = # }", "0.5")]
    [InlineData("shutdown { drain-timeout = # }", "9999999999999999999999999999d")]
    [InlineData("shutdown { drain-timeout = # }", "1e999999999d")]
    [InlineData("shutdown { drain-timeout = # }", "-1s")]
    [InlineData("errors { type = null, rate-limit = # }", "99999999999")]
    [InlineData("supervision { max-restarts = # }", "4294967296")]
    public void A_number_that_does_not_fit_is_told_with_its_place(string block, string number)
    {
        const string Rest = ", inputs { a { type = null, to = b } }, outputs { b { type = null } }";

        Assert.Equal("router { ".Length + block.IndexOf('#', StringComparison.Ordinal) + 1, Assert.Single(Findings(block.Replace("#", number, StringComparison.Ordinal) + Rest)).Span!.Column);
        Assert.Equal("router { ".Length + block.IndexOf('#', StringComparison.Ordinal) + 1, Assert.Single(Findings(block.Replace("#", new string('9', 1_000_000), StringComparison.Ordinal) + Rest)).Span!.Column);
    }

    /// <summary>Timers count milliseconds in 32 bits: what is longer would throw when it is first set, perhaps in days.</summary>
    [Fact]
    public void No_duration_is_longer_than_a_timer_can_wait()
    {
        var unlimited = new List<string>();
        foreach (var (name, type) in Blocks())
        {
            foreach (var key in OptionsSchema.Of(type).Keys.Where(key => key.Type == typeof(TimeSpan)))
            {
                var findings = new List<Diagnostic>();
                var block = HoconReader.ReadText("node.conf", $"{key.Name} = 1000d").Root;
                new OptionsBinder(findings).Bind(type, block, block.Span, name);
                if (!findings.Any(finding => finding.Span!.Column == key.Name.Length + 4)) unlimited.Add($"{name} {key.Name}");
            }
        }

        // The time in which restarts are counted is compared, and no timer.
        Assert.Equal(["supervision within"], unlimited);
    }

    private static IEnumerable<(string Name, Type Type)> Blocks()
    {
        var open = new Queue<(string Name, Type Type)>(
        [
            ("supervision", typeof(SupervisionSection)), ("worker", typeof(WorkerGroupSection)), ("retry", typeof(RetryOptions)), ("pool", typeof(PoolSection)), ("async", typeof(AsyncOptions)),
            .. BuiltIns.Registry().Types.Where(type => type.OptionsType is not null).Select(type => ($"{type.Role} {type.Name}", type.OptionsType!)),
        ]);
        while (open.TryDequeue(out var block))
        {
            yield return block;
            foreach (var key in OptionsSchema.Of(block.Type).Keys.Where(key => OptionTypes.IsBlock(key.Type))) open.Enqueue(($"{block.Name} {key.Name}", key.Type));
        }
    }

    private static string Chain(string last) =>
        $"inputs {{ a {{ type = null, to = f0 }} }}, filters {{ {Join(i => $"f{i} {{ type = null, to = {(i < Many - 1 ? $"f{i + 1}" : last)} }}", ", ")} }}"
        + (last == "b" ? ", outputs { b { type = null } }" : "");

    private static string Join(Func<int, string> part, string separator) => string.Join(separator, Enumerable.Range(0, Many).Select(part));

    private static NodeDefinition Read(string router) => NodeReader.Read(HoconReader.ReadText("node.conf", $"router {{ {router} }}"), BuiltIns.Registry());

    private static IReadOnlyList<Diagnostic> Findings(string router) => Assert.Throws<ConfigurationException>(() => Read(router)).Diagnostics;

    private static string Report(string router) => Assert.Throws<ConfigurationException>(() => Read(router)).Message;
}
