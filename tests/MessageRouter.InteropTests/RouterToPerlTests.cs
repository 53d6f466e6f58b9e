namespace MessageRouter.InteropTests;

/// <summary>
/// The router sends by each of its engines, and Perl receives: first from one, which is there before Perl, then from the other, which Perl finds in its place.
/// </summary>
public sealed class RouterToPerlTests(ITestOutputHelper output) : InteropTest(output)
{
    public static TheoryData<string, string, string> Wirings => Wiring.ByEngine();

    [SkippableTheory]
    [MemberData(nameof(Wirings))]
    public async Task Every_line_given_to_the_router_is_printed_by_Perl(string pattern, string binds, string first)
    {
        Requires.Perl();
        const int count = 1000;
        var port = Ports.Free();
        PerlPeer? perl = null;
        foreach (var (turn, engine) in Wiring.BeginningWith(first).Index())
        {
            var router = MessageRouter(Wiring.Sending(pattern, binds == "sender binds", port, engine));
            perl ??= MessagePass(Wiring.Receiving(pattern, binds == "receiver binds", port));

            await Conversation.AssertEveryLineArrives(router, perl, pattern, count, from: 1 + (turn * count));

            router.EndInput();
            Assert.Equal(0, await router.Exits());
        }
    }

    [SkippableFact]
    public async Task Text_in_any_script_arrives_as_it_was()
    {
        Requires.Perl();
        var port = Ports.Free();
        var perl = MessagePass(Wiring.Receiving("PUSH/PULL", binds: true, port));
        foreach (var engine in Wiring.Engines)
        {
            var text = $$"""{"text":"käse ☃ 日本語 😀, {{engine}}"}""";
            var router = MessageRouter(Wiring.Sending("PUSH/PULL", binds: false, port, engine));

            await router.WriteAsync(text);

            await perl.Prints(line => line == text, "the text");
        }
    }

    [SkippableFact]
    public async Task Lines_up_to_the_end_of_input_arrive()
    {
        Requires.Perl();
        const int count = 20_000;
        var port = Ports.Free();
        var perl = MessagePass(Wiring.Receiving("PUSH/PULL", binds: true, port));
        await perl.Listens(port);
        foreach (var (turn, engine) in Wiring.Engines.Index())
        {
            var from = 1 + (turn * count);
            var router = MessageRouter(Wiring.Sending("PUSH/PULL", binds: false, port, engine));
            var lines = Numbered.Lines(from, count);

            await router.WriteAsync(lines);
            router.EndInput();

            Assert.Equal(0, await router.Exits());
            Assert.Equal(lines, await perl.Prints(Numbered.AreFrom(from), count, "every line"));
        }
    }
}
