using MessageRouter.Curve;

namespace MessageRouter.Tests.Curve;

/// <summary>The box for frames is libsodium's own, byte for byte.</summary>
public class FrameBoxTests
{
    private static readonly byte[] Text = "CurveZMQMESSAGEC"u8.ToArray();

    [Fact]
    public void Boxes_of_every_size_are_those_of_libsodium_both_ways()
    {
        var random = new Random(1);
        var key = new byte[32];
        var number = new byte[8];
        foreach (var size in Enumerable.Range(0, 2200).Concat([4000, 4095, 4096, 4097, 10_000, 65_536, 1_000_003]))
        {
            random.NextBytes(key);
            random.NextBytes(number);
            var message = new byte[size + 1];
            random.NextBytes(message);
            byte[] nonce = [.. Text, .. number];
            using var frames = new FrameBox(key, Text);

            var expected = new byte[message.Length + Sodium.BoxOverhead];
            Sodium.Seal(message, nonce, key, expected);
            var box = new byte[expected.Length];
            frames.Seal(message[0], message.AsSpan(1), number, box);
            Assert.True(expected.AsSpan().SequenceEqual(box), $"Sealing {message.Length} bytes differs.");

            var opened = new byte[message.Length];
            Assert.True(frames.TryOpen(box, number, opened));
            Assert.True(message.AsSpan().SequenceEqual(opened), $"Opening {message.Length} bytes differs.");
            Assert.True(frames.TryOpen(box, number, box.AsSpan(Sodium.BoxOverhead)));
            Assert.True(message.AsSpan().SequenceEqual(box.AsSpan(Sodium.BoxOverhead)), $"Opening {message.Length} bytes in place differs.");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(5000)]
    public void Nothing_is_written_of_what_was_changed_anywhere(int size)
    {
        var key = new byte[32];
        var number = new byte[8];
        using var frames = new FrameBox(key, Text);
        var box = new byte[size + Sodium.BoxOverhead];
        frames.Seal(7, new byte[size - 1], number, box);
        var content = new byte[size];
        for (var at = 0; at < box.Length; at += 1 + (size / 100))
        {
            box[at] ^= 1;
            Assert.False(frames.TryOpen(box, number, content));
            box[at] ^= 1;
        }
        number[7] = 1;
        Assert.False(frames.TryOpen(box, number, content));
        Assert.All(content, one => Assert.Equal(0, one));
    }
}
