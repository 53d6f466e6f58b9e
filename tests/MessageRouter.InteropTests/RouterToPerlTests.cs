namespace MessageRouter.InteropTests;

public sealed class RouterToPerlTests(ITestOutputHelper output) : InteropTest(output)
{
    public static TheoryData<string, string, string> Wirings => Wiring.All();

    [SkippableTheory]
    [MemberData(nameof(Wirings))]
    public async Task Every_line_given_to_the_router_is_printed_by_Perl(string pattern, string binds, string first)
    {
        Requires.Perl();
        var port = Ports.Free();
        Peer Send() => MessageRouter(Wiring.Sending(pattern, binds == "sender binds", port));
        Peer Receive() => MessagePass(Wiring.Receiving(pattern, binds == "receiver binds", port));

        var (sender, receiver) = Wiring.StartInOrder(Send, Receive, first);
        await Conversation.AssertEveryLineArrives(sender, receiver, pattern);

        sender.EndInput();
        Assert.Equal(0, await sender.Exits());
    }

    [SkippableFact]
    public async Task Text_in_any_script_arrives_as_it_was()
    {
        Requires.Perl();
        var port = Ports.Free();
        var perl = MessagePass(Wiring.Receiving("PUSH/PULL", binds: true, port));
        var router = MessageRouter(Wiring.Sending("PUSH/PULL", binds: false, port));

        await router.WriteAsync("""{"text":"käse ☃ 日本語 😀"}""");

        await perl.Prints(line => line == """{"text":"käse ☃ 日本語 😀"}""", "the text");
    }

    [SkippableFact]
    public async Task Lines_up_to_the_end_of_input_arrive()
    {
        Requires.Perl();
        var port = Ports.Free();
        var perl = MessagePass(Wiring.Receiving("PUSH/PULL", binds: true, port));
        await perl.Listens(port);
        var router = MessageRouter(Wiring.Sending("PUSH/PULL", binds: false, port));
        var lines = Numbered.Lines(1, 20_000);

        await router.WriteAsync(lines);
        router.EndInput();

        Assert.Equal(0, await router.Exits());
        Assert.Equal(lines, await perl.Prints(Numbered.Is, lines.Length, "every line"));
    }
}
