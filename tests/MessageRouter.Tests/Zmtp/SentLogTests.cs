using MessageRouter.Zmtp;

namespace MessageRouter.Tests.Zmtp;

public class SentLogTests
{
    private readonly SentLog _log = new();

    [Fact]
    public void A_message_is_written_with_its_last_byte()
    {
        _log.AddMessage(10);
        _log.AddMessage(5);

        Assert.Equal(0, _log.Taken(9));
        Assert.Equal(1, _log.RestOfMessage);
        Assert.Equal(1, _log.Taken(1));
        Assert.Equal(1, _log.Taken(5));
    }

    [Fact]
    public void A_message_is_confirmed_with_its_last_byte()
    {
        _log.AddMessage(10);
        _log.AddMessage(5);
        _log.AddMessage(5);
        _log.Taken(17);

        Assert.Equal(2, _log.Confirm(17));
        Assert.Equal(2, _log.Confirm(8));
        Assert.Equal(1, _log.Confirm(7));
        Assert.Equal(1, _log.Confirm(3));
        Assert.Equal(0, _log.Confirm(2));
        Assert.Equal(0, _log.Open);
    }

    [Fact]
    public void Whoever_asks_seldom_is_told_the_same_as_who_asks_often()
    {
        var random = new Random(7);
        var ends = new List<long>();
        var (added, taken, confirmed) = (0L, 0L, 0L);
        for (var round = 0; round < 1000; round++)
        {
            for (var messages = random.Next(50); messages > 0; messages--)
            {
                var size = random.Next(1, 100);
                _log.AddMessage(size);
                ends.Add(added += size);
            }
            var bytes = random.Next((int)(added - taken) + 1);
            _log.Taken(bytes);
            taken += bytes;
            if (random.Next(10) > 0) continue;
            confirmed += random.NextInt64(taken - confirmed + 1);
            Assert.Equal(ends.Count(end => end > confirmed && end <= taken), _log.Confirm(taken - confirmed));
        }
        Assert.Equal((ends.Count(end => end <= taken), taken), (_log.Messages, _log.Bytes));
    }

    [Fact]
    public void Commands_take_bytes_and_are_no_messages()
    {
        _log.AddOther(7);
        _log.AddMessage(3);

        Assert.Equal(10, _log.RestOfMessage);
        Assert.Equal(0, _log.Taken(7));
        Assert.Equal(1, _log.Taken(3));
    }
}
