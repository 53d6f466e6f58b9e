using MessageRouter.Zmtp;

namespace MessageRouter.Tests.Zmtp;

public sealed class SharedPollerTests
{
    [Fact]
    public void One_that_could_not_be_made_is_made_for_the_next_connection_and_then_kept()
    {
        if (!ReadPoller.IsSupported) return;
        var made = 0;
        using var shared = new SharedPoller(() => ++made == 1 ? throw new IOException("Too many open files.") : new ReadPoller());

        Assert.Throws<IOException>(() => shared.Get());

        var poller = shared.Get();
        Assert.NotNull(poller);
        Assert.Same(poller, shared.Get());
        Assert.Equal(2, made);
    }

    [Fact]
    public void None_is_made_for_who_only_disposes_of_it()
    {
        var shared = new SharedPoller(() => throw new InvalidOperationException("Nobody needs it."));

        shared.Dispose();
    }
}
