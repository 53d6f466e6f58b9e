namespace MessageRouter.InteropTests.Clustering;

/// <summary>Whether what nodes have written of a stream by key shows that a key was two nodes' at a time.</summary>
public sealed class KeyHistoryTests
{
    /// <summary>Each message is `node feeder number fed written`, all of one key.</summary>
    [Theory]
    [InlineData("a key stays with its node", 0, "a x 1 0 1; a x 2 2 3; a y 1 0 4", "")]
    [InlineData("a key goes to another node", 1, "a x 1 0 1; b x 2 2 3; b x 3 4 5", "")]
    [InlineData("a key goes to another node though none may have gone", 0, "a x 1 0 1; b x 2 2 3; b x 3 4 5", "key 7 had one owner after the other: a (key 7, x's 1, fed 0, written 1), b (key 7, x's 2, fed 2, written 3)")]
    [InlineData("a node is late with what was under way", 1, "a x 1 0 1; b x 2 2 4; a y 1 3 5; b x 3 6 7", "")]
    [InlineData("a node wakes, and writes what it had, which another one has got meanwhile", 1, "a x 1 0 1; a x 2 0 9; a x 3 0 10; b x 2 0 5; b x 3 0 6; b x 4 7 8", "")]
    [InlineData("two nodes have a key", 1, "a x 1 0 1; b y 1 2 3; a x 2 4 5; b y 2 6 7", "key 7 had one owner after the other: a (key 7, x's 1, fed 0, written 1), b (key 7, y's 1, fed 2, written 3), a (key 7, x's 2, fed 4, written 5), b (key 7, y's 2, fed 6, written 7)")]
    [InlineData("a node that has lost a key gets one more", 1, "a x 1 0 1; b x 2 2 3; a y 1 4 5", "key 7 had one owner after the other: a (key 7, x's 1, fed 0, written 1), b (key 7, x's 2, fed 2, written 3), a (key 7, y's 1, fed 4, written 5)")]
    [InlineData("a node writes two in the wrong order", 0, "a x 2 0 1; a x 1 0 2", "of all, a (key 7, x's 1, fed 0, written 2) is written after a (key 7, x's 2, fed 0, written 1)|of a, a (key 7, x's 1, fed 0, written 2) is written after a (key 7, x's 2, fed 0, written 1)")]
    [InlineData("the next node begins before the last one has ended", 1, "b x 2 0 1; a x 1 0 2", "of all, a (key 7, x's 1, fed 0, written 2) is written after b (key 7, x's 2, fed 0, written 1)")]
    [InlineData("the next node gets what is new before what is old", 1, "a x 1 0 1; b x 2 0 2; b x 1 0 3", "of b, b (key 7, x's 1, fed 0, written 3) is written after b (key 7, x's 2, fed 0, written 2)")]
    [InlineData("a node gets again what it has not answered for", 0, "a x 1 0 1; a x 2 0 2; a x 1 0 3; a x 2 0 4; a x 3 0 5", "")]
    [InlineData("two feeders have numbers of their own", 0, "a x 2 0 1; a y 1 0 2", "")]
    public void A_history_shows_two_owners_of_a_key_and_an_order_that_is_broken(string history, int changes, string writes, string problems)
    {
        var found = KeyHistory.Problems(writes.Split("; ").Select(Parse), changes);

        Assert.True(problems == string.Join('|', found), $"{history}: {string.Join('|', found)}");
    }

    [Fact]
    public void Keys_are_looked_at_one_by_one() =>
        Assert.Empty(KeyHistory.Problems([new("a", "x", 1, 1, 0, 1), new("b", "x", 2, 0, 2, 3), new("a", "x", 1, 3, 4, 5), new("b", "x", 2, 2, 6, 7)], changes: 0));

    private static KeyedWrite Parse(string write) => write.Split(' ') is [var node, var feeder, var number, var fed, var written]
        ? new KeyedWrite(node, feeder, 7, int.Parse(number), long.Parse(fed), long.Parse(written))
        : throw new FormatException(write);
}
