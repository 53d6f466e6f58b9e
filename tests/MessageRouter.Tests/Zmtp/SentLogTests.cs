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
    public void Commands_take_bytes_and_are_no_messages()
    {
        _log.AddOther(7);
        _log.AddMessage(3);

        Assert.Equal(10, _log.RestOfMessage);
        Assert.Equal(0, _log.Taken(7));
        Assert.Equal(1, _log.Taken(3));
    }
}
