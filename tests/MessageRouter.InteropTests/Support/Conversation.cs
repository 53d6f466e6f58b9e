namespace MessageRouter.InteropTests.Support;

/// <summary>One process sends what it reads, another prints what it receives.</summary>
internal static class Conversation
{
    /// <summary>
    /// Asserts that every line written to the sender is printed by the receiver, in order. A publisher without a
    /// subscriber loses messages, as it should, so for PUB/SUB a first message is repeated until one gets through.
    /// Who has spoken before, with somebody else, goes on <paramref name="from"/> where that has ended.
    /// </summary>
    public static async Task AssertEveryLineArrives(Peer sender, Peer receiver, string pattern, int count = 1000, int from = 1)
    {
        if (pattern == "PUB/SUB")
        {
            var greeting = Greeting(from);
            await Greet(sender, () => receiver.Output.Lines.Any(line => line == greeting), receiver, greeting);
        }

        var lines = Numbered.Lines(from, count);
        await sender.WriteAsync(lines);
        var printed = await receiver.Prints(Numbered.AreFrom(from), count, $"{count} lines");

        Assert.Equal(lines, printed);
    }

    /// <summary>Repeats a greeting until it has arrived.</summary>
    public static Task Greet(Peer sender, Func<bool> hasArrived, Peer receiver, string? greeting = null) =>
        receiver.Until(
            async () =>
            {
                if (hasArrived())
                {
                    return true;
                }

                await sender.WriteAsync(greeting ?? Greeting(1));
                return false;
            },
            "a greeting to arrive");

    private static string Greeting(int before) => $$"""{"hello":"is somebody there for {{before}}?"}""";
}
