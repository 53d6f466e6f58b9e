using MessageRouter.Clustering;

namespace MessageRouter.Tests.Clustering;

/// <summary>Shared values of a node that is in no cluster.</summary>
public class OwnStateTests
{
    private readonly OwnState _state = new();

    [Fact]
    public async Task Who_writes_has_to_know_what_is_there()
    {
        Assert.Null(await _state.ReadAsync("x"));
        var first = await _state.TryWriteAsync("x", "1", expected: 0);
        Assert.Null(await _state.TryWriteAsync("x", "2", expected: 0));

        Assert.Equal(new ClusterValue("1", first!.Value), await _state.ReadAsync("x"));
        var second = await _state.TryWriteAsync("x", "2", first.Value);
        Assert.Null(await _state.TryWriteAsync("x", "3", first.Value));
        Assert.Equal(new ClusterValue("2", second!.Value), await _state.ReadAsync("x"));
    }

    [Fact]
    public async Task There_are_bounds()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _state.ReadAsync(""));
        await Assert.ThrowsAsync<ArgumentException>(() => _state.TryWriteAsync(new string('k', IClusterState.LongestKey + 1), "", 0));
        await Assert.ThrowsAsync<ArgumentException>(() => _state.TryWriteAsync("x", new string('v', IClusterState.LongestValue + 1), 0));
        for (var n = 0; n < IClusterState.MostValues; n++) Assert.NotNull(await _state.TryWriteAsync($"k{n}", new string('v', IClusterState.LongestValue), 0));

        await Assert.ThrowsAsync<ClusterStateException>(() => _state.TryWriteAsync("one more", "", 0));
        Assert.NotNull(await _state.TryWriteAsync("k0", "other", (await _state.ReadAsync("k0"))!.Version));
    }
}
