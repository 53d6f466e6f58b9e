using Akka.Actor;
using MessageRouter.Cluster.Membership;
using MessageRouter.Clustering;
using MessageRouter.Reloading;

namespace MessageRouter.Tests.Clustering;

public sealed class WordsTests : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("words");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public void A_reload_comes_as_it_was_said_and_the_largest_files_fit_into_what_nodes_say_to_each_other()
    {
        const int largestWord = 4 << 20;
        var words = new WordSerializer((ExtendedActorSystem)_system);
        var said = new MemberReloadRequest(Plan: false, "1f") { Run = "run", End = ReloadEnd.Undone, Files = [new BroughtFile("new.conf", new string('"', BroughtConfiguration.LargestText))] };

        var bytes = words.ToBinary(new ReloadMember(said));
        var heard = ((ReloadMember)words.FromBinary(bytes, words.Manifest(new ReloadMember(said)))).Request;

        Assert.InRange(bytes.Length, BroughtConfiguration.LargestText, largestWord / 2);
        Assert.Equal(said with { Files = null }, heard with { Files = null });
        Assert.Equal(said.Files, heard.Files);
    }
}
