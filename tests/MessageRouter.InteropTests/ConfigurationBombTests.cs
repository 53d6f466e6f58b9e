namespace MessageRouter.InteropTests;

/// <summary>Configurations that are meant to do harm, or are only very large, through the real command.</summary>
public sealed class ConfigurationBombTests(ITestOutputHelper output) : InteropTest(output)
{
    private const int Many = 10_000;
    private const string Node = "router { inputs { a { type = null, to = b } }, outputs { b { type = null } } }\n";

    /// <summary>What the garbage collector may take at most, as it reads it: 256 MiB.</summary>
    private const string HeapLimit = "0x10000000";

    private static readonly Dictionary<string, Func<string>> Texts = new()
    {
        ["forty lines of which each doubles the next"] = () => string.Concat(Enumerable.Range(0, 40).Select(n => $"a{n} = ${{a{n + 1}}}${{a{n + 1}}}\n")) + "a40 = ha",
        ["braces within braces"] = () => string.Concat(Enumerable.Repeat("{a=", 100_000)),
        ["a path without an end"] = () => string.Concat(Enumerable.Repeat("a.", 100_000)) + "a = 1",
        ["a million keys"] = () => string.Concat(Enumerable.Range(0, 1_000_000).Select(n => $"k{n} = {n}\n")),
        ["a hundred megabytes"] = () => string.Concat(Enumerable.Repeat("# a comment that says nothing\n", 3_400_000)),
        ["a line of ten megabytes"] = () => "x = \"" + new string('a', 10_000_000) + "\"\ny = }",
        ["a device without an end"] = () => "include \"/dev/zero\"",
        ["ten thousand mistakes"] = () => string.Concat(Enumerable.Range(0, Many).Select(n => $"router.k{n} = {n}\n")),
        ["a million copies of filters"] = () => "router.filters {" + string.Concat(Enumerable.Range(0, 1000).Select(n => $"f{n} {{ type = null, instances = 1000, to = b }}\n")) + "}",
        ["C# in ten thousand brackets"] = () => CSharp(string.Concat(Enumerable.Repeat("(", Many)) + "true" + string.Concat(Enumerable.Repeat(")", Many))),
        ["C# that says no ten thousand times"] = () => CSharp(string.Concat(Enumerable.Repeat("!", Many)) + "true"),
        ["C# that goes on and on"] = () => CSharp(string.Concat(Enumerable.Repeat("true && ", 6 * Many)) + "true"),
        ["a number of a million digits"] = () => "router.mailbox.capacity = " + new string('9', 1_000_000),
    };

    private static string CSharp(string condition) => $$"""router { inputs.a.to = c, filters.c { type = csharp, when = "{{condition}}", to = b } }""";

    public static TheoryData<string> Bombs => [.. Texts.Keys];

    [SkippableTheory]
    [MemberData(nameof(Bombs))]
    public async Task Are_told_with_a_place_in_little_memory(string bomb)
    {
        Files.Write("node.conf", Node + Texts[bomb]());
        var validation = Started(new Peer(Files.Path, "dotnet", [RouterProcess.Command, "validate", "node.conf"], ("DOTNET_GCHeapHardLimit", HeapLimit)));

        Assert.Equal(78, await validation.Exits());

        // On a busy machine it is said what takes so long.
        Assert.StartsWith("error: ", validation.Errors.Lines.First(line => !line.StartsWith("Waiting for `node.conf`", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("nothing was started", validation.Errors.Lines[^1], StringComparison.Ordinal);
        Assert.Contains(validation.Errors.Lines, line => line.Contains("node.conf:", StringComparison.Ordinal) || line.Contains("cannot read `node.conf`", StringComparison.Ordinal));
        Assert.True(validation.Errors.Lines.Sum(line => line.Length) < 100_000);
    }

    [SkippableTheory]
    [InlineData("/dev/stdin")]
    [InlineData("/dev/fd/0")]
    public async Task A_node_can_come_through_the_standard_input(string file)
    {
        var router = MessageRouter("run", file, "--summary-file", "ledger.json");
        await router.WriteAsync(Node);
        router.EndInput();

        await router.Starts();
        await router.Stops();
    }

    [SkippableFact]
    public async Task A_node_can_come_from_another_program()
    {
        Files.Write("part.conf", "name = made");
        var shell = Started(new Peer(Files.Path, "bash", ["-c", $"exec dotnet '{RouterProcess.Command}' validate <(echo 'router {{ include \"part.conf\"'; echo '{Node["router {".Length..].Trim()}')"]));

        Assert.Equal(0, await shell.Exits());
        Assert.Contains(shell.Output.Lines, line => line.EndsWith("is valid: 1 input, 0 filters, 1 output.", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task A_node_that_never_ends_is_no_node()
    {
        var shell = Started(new Peer(Files.Path, "bash", ["-c", $"yes '# nothing' | dotnet '{RouterProcess.Command}' run /dev/stdin"], ("DOTNET_GCHeapHardLimit", HeapLimit)));

        Assert.Equal(78, await shell.Exits());
        Assert.Contains(shell.Errors.Lines, line => line.Contains("cannot read `/dev/stdin`: all files together have more than", StringComparison.Ordinal));
    }

    /// <summary>Side by side and one behind the other: each component is an actor with a mailbox.</summary>
    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_of_ten_thousand_components_passes_messages_and_stops(bool oneBehindTheOther)
    {
        var filters = Enumerable.Range(0, Many).Select(n => $"f{n} {{ type = null, to = {(oneBehindTheOther && n < Many - 1 ? $"f{n + 1}" : "out")} }}");
        var router = RunNode($$"""
            router {
              inputs.in { type = stdin, to = [{{(oneBehindTheOther ? "f0" : string.Join(", ", Enumerable.Range(0, Many).Select(n => $"f{n}")))}}] }
              filters { {{string.Join('\n', filters)}} }
              outputs.out { type = file, path = out.log, flush-interval = 0s, mailbox { overflow = wait } }
            }
            """);

        await router.WriteAsync(Numbered.Lines(1, 10));
        var expected = oneBehindTheOther ? 10 : 10 * Many;
        await router.Until(() => Files.Lines("out.log").Count() == expected, "every message");
        Assert.True(router.PeakMemory < 500_000_000, $"The node grew to {router.PeakMemory:N0} bytes.");
        router.EndInput();
        var ledger = await router.Ends();

        Assert.Equal(expected, ledger["outputs.out"].Out);
    }
}
