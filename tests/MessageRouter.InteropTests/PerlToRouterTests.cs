namespace MessageRouter.InteropTests;

/// <summary>
/// Perl sends, and the router receives by each of its engines: first by one, which is there before Perl, then by the other, which Perl finds in its place.
/// </summary>
public sealed class PerlToRouterTests(ITestOutputHelper output) : InteropTest(output)
{
    private static readonly string[] NoCodecs = ["--decoder", "Null", "--encoder", "Null"];

    public static TheoryData<string, string, string> Wirings => Wiring.ByEngine();

    [SkippableTheory]
    [MemberData(nameof(Wirings))]
    public async Task Every_line_given_to_Perl_is_printed_by_the_router(string pattern, string binds, string first)
    {
        Requires.Perl();
        const int count = 1000;
        var port = Ports.Free();
        PerlPeer? perl = null;
        foreach (var (turn, engine) in Wiring.BeginningWith(first).Index())
        {
            var router = MessageRouter(Wiring.Receiving(pattern, binds == "receiver binds", port, engine));
            perl ??= MessagePass(Wiring.Sending(pattern, binds == "sender binds", port));

            await Conversation.AssertEveryLineArrives(perl, router, pattern, count, from: 1 + (turn * count));

            router.Send(Signal.Terminate);
            Assert.Equal(0, await router.Exits());
        }
    }

    [SkippableFact]
    public Task Text_in_any_script_arrives_as_it_was() =>
        InTurn([], [], async (perl, router) =>
        {
            await perl.WriteAsync("""{"text":"käse ☃ 日本語 😀"}""");

            await router.Prints(line => line == """{"text":"käse ☃ 日本語 😀"}""", "the text");
        });

    [SkippableFact]
    public Task Bytes_that_are_not_JSON_pass_with_the_null_codecs() =>
        InTurn(NoCodecs, NoCodecs, async (perl, router) =>
        {
            await perl.WriteAsync("plain words, { and no JSON");

            await router.Prints(line => line == "plain words, { and no JSON", "the line");
        });

    [SkippableFact]
    public Task A_message_that_is_not_JSON_is_reported_and_the_next_one_arrives() =>
        InTurn(NoCodecs, [], async (perl, router) =>
        {
            await perl.WriteAsync("broken {", Numbered.Line(1));

            await router.Prints(line => line == Numbered.Line(1), "the good message");
            await router.Reports(line => line.Contains("broken {", StringComparison.Ordinal), "the broken message in the error chain");
        });

    /// <summary>Has Perl, with these options, speak with a router that pulls by one engine, and then with another.</summary>
    private async Task InTurn(string[] perls, string[] routers, Func<Peer, Peer, Task> speak)
    {
        Requires.Perl();
        var port = Ports.Free();
        var perl = MessagePass([.. Wiring.Sending("PUSH/PULL", binds: false, port), .. perls]);
        foreach (var engine in Wiring.Engines)
        {
            var router = MessageRouter([.. Wiring.Receiving("PUSH/PULL", binds: true, port, engine), .. routers]);
            await speak(perl, router);
            router.Send(Signal.Terminate);
            await router.Exits();
        }
    }
}
