namespace MessageRouter.InteropTests;

/// <summary>C# in the configuration of a real process.</summary>
public sealed class CSharpFilterTests(ITestOutputHelper output) : InteropTest(output)
{
    [Theory]
    [InlineData("type = csharp, when = \"message[\\\"n\\\"] > 1\"", true)]
    [InlineData("type = key, key = n, match = 2", false)]
    public async Task The_compiler_is_loaded_only_by_a_node_that_needs_it(string filter, bool isLoaded)
    {
        var router = RunNode($$"""
            router {
              inputs.in { type = stdin, to = f }
              filters.f { {{filter}}, to = out }
              outputs.out { type = stdout }
            }
            """);

        await router.WriteAsync(Numbered.Lines(1, 2));
        Assert.Equal(Numbered.Lines(2, 1).Single(), await router.Prints(_ => true, "a message"));
        Assert.Equal(isLoaded, router.HasLoaded("Microsoft.CodeAnalysis"));

        router.EndInput();
        Assert.Equal(1, (await router.Ends())["filters.f"].Filtered);
    }
}
