using System.Runtime.Versioning;

namespace MessageRouter.Tests;

/// <summary>A link stays one, and what the process has open is not taken for a link.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DevicePathTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("links").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("to-plain", "plain")]
    [InlineData("to-link", "plain")]
    [InlineData("to-nothing", "nothing")]
    [InlineData("to-output", "/dev/stdout")]
    [InlineData("to-descriptor", "/proc/self/fd/1")]
    [InlineData("/dev/stdout", "/dev/stdout")]
    public void Links_are_followed_as_far_as_they_are_links(string name, string behind)
    {
        File.WriteAllText(At("plain"), "");
        foreach (var (link, target) in new[] { ("to-plain", "plain"), ("to-link", At("to-plain")), ("to-nothing", "nothing"), ("to-output", "/dev/stdout"), ("to-descriptor", "/proc/self/fd/1") })
            File.CreateSymbolicLink(At(link), target);

        Assert.Equal(At(behind), DevicePath.Behind(At(name)));
    }

    [Fact]
    public void Links_that_go_round_are_an_error()
    {
        File.CreateSymbolicLink(At("one"), "other");
        File.CreateSymbolicLink(At("other"), "one");

        Assert.Throws<IOException>(() => DevicePath.Behind(At("one")));
    }

    private string At(string name) => Path.Combine(_folder, name);
}
