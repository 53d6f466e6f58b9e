using MessageRouter.TestKit;
using MessageRouter.Workers;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Workers;

public sealed class WorkerLinesTests
{
    private readonly RecordingLog _log = new();
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Passes_on_so_many_lines_a_second_and_counts_the_others()
    {
        var lines = new WorkerLines(_log.CreateLogger("w.1"), _clock);
        for (var i = 0; i < WorkerLines.PerSecond + 5; i++) lines.Write("line");
        Assert.Equal(WorkerLines.PerSecond, _log.Lines.Count);

        _clock.Advance(TimeSpan.FromSeconds(1));
        lines.Write("after");

        Assert.Equal(["It wrote too much; lines left out: 5.", "after"], _log.Lines.Skip(WorkerLines.PerSecond).Select(line => line.Text));
    }

    [Fact]
    public void Says_at_the_end_what_it_held_back_last()
    {
        var lines = new WorkerLines(_log.CreateLogger("w.1"), _clock);
        for (var i = 0; i < WorkerLines.PerSecond + 1; i++) lines.Write("line");

        lines.End();
        lines.End();

        Assert.Equal(["It wrote too much; lines left out: 1."], _log.Lines.Skip(WorkerLines.PerSecond).Select(line => line.Text));
    }
}
