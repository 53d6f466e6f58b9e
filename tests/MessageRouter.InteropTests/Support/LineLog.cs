namespace MessageRouter.InteropTests.Support;

/// <summary>The lines that a process has printed so far, and a way to wait for those still to come.</summary>
internal sealed class LineLog
{
    private readonly Lock gate = new();
    private readonly List<string> lines = [];
    private TaskCompletionSource changed = NewSignal();
    private bool ended;

    public LineLog(TextReader reader) => Ended = PumpAsync(reader);

    public Task Ended { get; }

    public string[] Lines
    {
        get
        {
            lock (gate)
            {
                return [.. lines];
            }
        }
    }

    public async Task<string[]> FindAsync(Predicate<string> match, int count, CancellationToken cancellation)
    {
        List<string> found = [];
        for (var next = 0; ;)
        {
            Task more;
            lock (gate)
            {
                for (; next < lines.Count && found.Count < count; next++)
                {
                    if (match(lines[next]))
                    {
                        found.Add(lines[next]);
                    }
                }

                if (found.Count == count)
                {
                    return [.. found];
                }

                if (ended)
                {
                    throw new EndOfStreamException($"The output ended after {found.Count} of {count} expected lines.");
                }

                more = changed.Task;
            }

            await more.WaitAsync(cancellation);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task PumpAsync(TextReader reader)
    {
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            Change(() => lines.Add(line));
        }

        Change(() => ended = true);
    }

    private void Change(Action change)
    {
        TaskCompletionSource waiting;
        lock (gate)
        {
            change();
            waiting = changed;
            changed = NewSignal();
        }

        waiting.SetResult();
    }
}
