namespace MessageRouter.InteropTests;

public sealed class AggregatorTests(ITestOutputHelper output) : InteropTest(output)
{
    [SkippableFact]
    public async Task Every_line_of_three_Perl_loggers_lands_in_one_file()
    {
        Requires.Perl();
        const int loggers = 3, each = 1000;
        var port = Ports.Free();
        var aggregator = RunNode($$"""
            router {
              inputs.app-logs { type = zeromq, bind = "tcp://*:{{port}}", socket-type = sub, to = [archive] }
              outputs.archive { type = file, path = archive.log }
            }
            """);
        await aggregator.Listens(port);

        var logging = Enumerable.Range(1, loggers).Select(async logger =>
        {
            var perl = MessagePass(Wiring.Sending("PUB/SUB", binds: false, port));
            var greeting = $$"""{"logger {{logger}}":"hello"}""";
            await Conversation.Greet(perl, () => Files.Lines("archive.log").Contains(greeting), aggregator, greeting);
            await perl.WriteAsync(Enumerable.Range(1, each).Select(n => Line(logger, n)));
        });
        await Task.WhenAll(logging);

        string[] OfLogger(int logger) => [.. Files.Lines("archive.log").Where(line => line.StartsWith(Prefix(logger), StringComparison.Ordinal))];
        for (var logger = 1; logger <= loggers; logger++)
        {
            await aggregator.Until(() => OfLogger(logger).Length == each, $"the lines of logger {logger}");
            Assert.Equal(Enumerable.Range(1, each).Select(n => Line(logger, n)), OfLogger(logger));
        }

        var ledger = await aggregator.Stops();
        Assert.Equal(Files.Lines("archive.log").Count(), ledger["outputs.archive"].Out);
        Assert.Equal(0, ledger["inputs.app-logs"].DroppedInAll);
    }

    private static string Prefix(int logger) => $$"""{"{{logger}}":""";

    private static string Line(int logger, int n) => $$"""{{Prefix(logger)}}{{n}}}""";
}
