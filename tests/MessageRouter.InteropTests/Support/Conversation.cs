namespace MessageRouter.InteropTests.Support;

/// <summary>One process sends what it reads, another prints what it receives.</summary>
internal static class Conversation
{
    private const string Greeting = """{"hello":"is somebody there?"}""";

    /// <summary>
    /// Asserts that every line written to the sender is printed by the receiver, in order. A publisher without a
    /// subscriber loses messages, as it should, so for PUB/SUB a first message is repeated until one gets through.
    /// </summary>
    public static async Task AssertEveryLineArrives(Peer sender, Peer receiver, string pattern, int count = 1000)
    {
        if (pattern == "PUB/SUB")
        {
            await Greet(sender, () => receiver.Output.Lines.Any(line => line == Greeting), receiver);
        }

        var lines = Numbered.Lines(1, count);
        await sender.WriteAsync(lines);
        var printed = await receiver.Prints(Numbered.Is, count, $"{count} lines");

        Assert.Equal(lines, printed);
    }

    /// <summary>Repeats a greeting until it has arrived.</summary>
    public static Task Greet(Peer sender, Func<bool> hasArrived, Peer receiver, string greeting = Greeting) =>
        receiver.Until(
            async () =>
            {
                if (hasArrived())
                {
                    return true;
                }

                await sender.WriteAsync(greeting);
                return false;
            },
            "a greeting to arrive");
}
