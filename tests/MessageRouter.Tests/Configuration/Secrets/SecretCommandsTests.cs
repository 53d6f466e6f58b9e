using System.Runtime.Versioning;
using MessageRouter.Configuration.Secrets;
using MessageRouter.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Configuration.Secrets;

[UnsupportedOSPlatform("windows")]
public sealed class SecretCommandsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_program_has_printed_is_kept_as_long_as_it_may_be_old()
    {
        var commands = new SecretCommands(_clock);
        var cache = TimeSpan.FromMinutes(5);

        Assert.Equal("1", Read());
        _clock.Advance(cache - TimeSpan.FromSeconds(1));
        Assert.Equal("1", Read());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("2", Read());

        // Each run adds a character to the file.
        string Read() => commands.Read(["sh", "-c", "printf x >> runs; wc -c < runs"], _folder.Path, cache).Trim();
    }

    [Fact]
    public void Without_that_it_runs_for_each_reading()
    {
        var commands = new SecretCommands(_clock);

        Assert.Equal(["1", "2"], new[] { Read(), Read() });

        string Read() => commands.Read(["sh", "-c", "printf x >> runs; wc -c < runs"], _folder.Path, TimeSpan.Zero).Trim();
    }
}
