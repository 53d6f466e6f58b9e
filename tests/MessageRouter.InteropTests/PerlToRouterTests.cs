namespace MessageRouter.InteropTests;

public sealed class PerlToRouterTests(ITestOutputHelper output) : InteropTest(output)
{
    public static TheoryData<string, string, string> Wirings => Wiring.All();

    [SkippableTheory]
    [MemberData(nameof(Wirings))]
    public async Task Every_line_given_to_Perl_is_printed_by_the_router(string pattern, string binds, string first)
    {
        Requires.Perl();
        var port = Ports.Free();
        Peer Send() => MessagePass(Wiring.Sending(pattern, binds == "sender binds", port));
        Peer Receive() => MessageRouter(Wiring.Receiving(pattern, binds == "receiver binds", port));

        var (sender, receiver) = Wiring.StartInOrder(Send, Receive, first);
        await Conversation.AssertEveryLineArrives(sender, receiver, pattern);

        receiver.Send(Signal.Terminate);
        Assert.Equal(0, await receiver.Exits());
    }

    [SkippableFact]
    public async Task Text_in_any_script_arrives_as_it_was()
    {
        Requires.Perl();
        var port = Ports.Free();
        var router = MessageRouter(Wiring.Receiving("PUSH/PULL", binds: true, port));
        var perl = MessagePass(Wiring.Sending("PUSH/PULL", binds: false, port));

        await perl.WriteAsync("""{"text":"käse ☃ 日本語 😀"}""");

        await router.Prints(line => line == """{"text":"käse ☃ 日本語 😀"}""", "the text");
    }

    [SkippableFact]
    public async Task Bytes_that_are_not_JSON_pass_with_the_null_codecs()
    {
        Requires.Perl();
        var port = Ports.Free();
        var router = MessageRouter([.. Wiring.Receiving("PUSH/PULL", binds: true, port), "--decoder", "Null", "--encoder", "Null"]);
        var perl = MessagePass([.. Wiring.Sending("PUSH/PULL", binds: false, port), "--decoder", "Null", "--encoder", "Null"]);

        await perl.WriteAsync("plain words, { and no JSON");

        await router.Prints(line => line == "plain words, { and no JSON", "the line");
    }

    [SkippableFact]
    public async Task A_message_that_is_not_JSON_is_reported_and_the_next_one_arrives()
    {
        Requires.Perl();
        var port = Ports.Free();
        var router = MessageRouter(Wiring.Receiving("PUSH/PULL", binds: true, port));
        var perl = MessagePass([.. Wiring.Sending("PUSH/PULL", binds: false, port), "--decoder", "Null", "--encoder", "Null"]);

        await perl.WriteAsync("broken {", Numbered.Line(1));

        await router.Prints(line => line == Numbered.Line(1), "the good message");
        await router.Reports(line => line.Contains("broken {", StringComparison.Ordinal), "the broken message in the error chain");
    }
}
