using System.Text;
using Akka.Actor;
using MessageRouter.Cluster.Membership;
using MessageRouter.Clustering;
using MessageRouter.Reloading;

namespace MessageRouter.Tests.Clustering;

/// <summary>
/// What nodes say to each other, as it is written: nodes of one version of these words understand each other, so a cluster can be updated node by node. Whoever changes a line here gives
/// <see cref="Hello.Version"/> another number; what is only new beside them is read over by those who do not know it.
/// </summary>
public sealed class WordsTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly (object Word, string Json)[] Words =
    [
        (new Hello(1, "logs", "a", "a.example:4053", Noon), """{"Speaks":1,"Cluster":"logs","Node":"a","Address":"a.example:4053","Time":"2026-01-02T12:00:00+00:00"}"""),
        (new Welcome(true), """{"IsMember":true}"""),
        (new Refused("no"), """{"Reason":"no"}"""),
        (new TakenToBeGone(-7), """{"Uid":-7}"""),
        (new TellStatus(), "{}"),
        (new StatusTold("{}"), """{"Json":"{}"}"""),
        (new ReloadMember(new MemberReloadRequest(true) { Run = "run", End = ReloadEnd.Undone }), """{"Request":{"Plan":true,"Expect":null,"Files":null,"Run":"run","End":"undone"}}"""),
        (new ReloadTold("{}"), """{"Json":"{}"}"""),
        (new ReadValue("k"), """{"Key":"k"}"""),
        (new WriteValue("k", "v", 3), """{"Key":"k","Value":"v","Expected":3}"""),
        (new ValueTold(ValueOutcome.TooLate, "v", 4), """{"Outcome":2,"Value":"v","Version":4}"""),
        (new ResizePool("filters.enrich", 16), """{"Name":"filters.enrich","Total":16}"""),
        (new PoolTold(PoolOutcome.NotHere), """{"Outcome":2}"""),
    ];

    public static TheoryData<int> All => [.. Enumerable.Range(0, Words.Length)];

    [Theory]
    [MemberData(nameof(All))]
    public void A_word_is_written_as_nodes_of_this_version_write_it_and_read_whatever_is_new_beside_it(int number)
    {
        var (word, json) = Words[number];
        var serializer = new WordSerializer((ExtendedActorSystem)Sys);

        Assert.Equal(json, Encoding.UTF8.GetString(serializer.ToBinary(word)));
        Assert.Equal(word, serializer.FromBinary(Encoding.UTF8.GetBytes(json), word.GetType().Name));
        Assert.Equal(word, serializer.FromBinary(Encoding.UTF8.GetBytes(json.Insert(1, json.Length > 2 ? "\"New\":[1]," : "\"New\":[1]")), word.GetType().Name));
    }

    [Fact]
    public void All_words_are_here()
    {
        var words = typeof(IWord).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IWord))).Select(type => type.Name);

        Assert.Equal(words.Order(), Words.Select(word => word.Word.GetType().Name).Order());
        Assert.Equal(1, Hello.Version);
    }

    [Fact]
    public void What_a_node_tells_of_itself_is_understood_from_those_who_tell_less_and_from_those_who_tell_more()
    {
        var profile = NodeProfile.FromJson("""{"Node":"a","Version":"1.0","Offers":[],"Feeds":[],"Later":{"x":1}}""")!;

        Assert.Equal(("a", "1.0"), (profile.Node, profile.Version));
        Assert.Empty(profile.Singletons);
        Assert.Empty(profile.Pools);
    }

    [Fact]
    public void A_reload_comes_as_it_was_said_and_the_largest_files_fit_into_what_nodes_say_to_each_other()
    {
        const int largestWord = 4 << 20;
        var words = new WordSerializer((ExtendedActorSystem)Sys);
        var said = new MemberReloadRequest(Plan: false, "1f") { Run = "run", End = ReloadEnd.Undone, Files = [new BroughtFile("new.conf", new string('"', BroughtConfiguration.LargestText))] };

        var bytes = words.ToBinary(new ReloadMember(said));
        var heard = ((ReloadMember)words.FromBinary(bytes, words.Manifest(new ReloadMember(said)))).Request;

        Assert.InRange(bytes.Length, BroughtConfiguration.LargestText, largestWord / 2);
        Assert.Equal(said with { Files = null }, heard with { Files = null });
        Assert.Equal(said.Files, heard.Files);
    }
}
