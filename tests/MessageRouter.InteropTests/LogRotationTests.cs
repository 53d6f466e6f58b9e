namespace MessageRouter.InteropTests;

/// <summary>Log files that somebody moves away, as logrotate does.</summary>
public sealed class LogRotationTests(ITestOutputHelper output) : InteropTest(output)
{
    [SkippableFact]
    public async Task A_hang_up_signal_opens_the_files_anew()
    {
        const int each = 1000;
        var router = RunNode("""
            router {
              inputs.in { type = stdin, to = [out] }
              outputs.out { type = file, path = out.log, flush-interval = 0s }
            }
            """);
        for (var rotation = 0; rotation < 3; rotation++)
        {
            await router.WriteAsync(Numbered.Lines((rotation * each) + 1, each));
            await router.Until(() => Files.Lines("out.log").Count() == each, "the lines before the rotation");

            File.Move(Files["out.log"], Files[$"out.log.{rotation}"]);
            router.Send(Signal.HangUp);

            // Nothing is written now, so that only the signal can be the cause.
            await router.Until(() => File.Exists(Files["out.log"]), "the new file");
        }

        router.EndInput();
        var ledger = await router.Ends();
        for (var rotation = 0; rotation < 3; rotation++)
        {
            Assert.Equal(Numbered.Lines((rotation * each) + 1, each), Files.Lines($"out.log.{rotation}"));
        }

        Assert.Equal(3 * each, ledger["outputs.out"].Out);
        Assert.Equal(0, Files.Size("out.log"));
    }
}
