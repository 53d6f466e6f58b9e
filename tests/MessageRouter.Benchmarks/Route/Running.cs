using System.Diagnostics;
using System.Globalization;

namespace MessageRouter.Benchmarks.Route;

/// <summary>What a process has used of the machine.</summary>
/// <param name="User">Processor seconds in the program.</param>
/// <param name="System">Processor seconds in the kernel for it.</param>
/// <param name="PeakMemory">Bytes of memory at most.</param>
/// <param name="OwnMemory">Bytes of memory that are no file's, now.</param>
internal readonly record struct Usage(double User, double System, long PeakMemory, long OwnMemory)
{
    public double Processor => User + System;
}

/// <summary>A process of the benchmark: a source, a sink, or what stands between.</summary>
internal sealed class Running : IAsyncDisposable
{
    private const double TicksPerSecond = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<string> _said = [];
    private readonly Task _listening;
    private bool _disposed;

    private Running(Process process)
    {
        _process = process;
        _listening = ListenAsync();
    }

    /// <param name="command">The program and its arguments.</param>
    /// <param name="input">A pipe that becomes its standard input; null where commands are written to it.</param>
    public static Running Start(IReadOnlyList<string> command, string? input = null)
    {
        if (input is not null) command = ["sh", "-c", "exec \"$@\" < \"$0\"", input, .. command];
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new Running(Process.Start(start)!);
    }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>What it has written to its standard error.</summary>
    public string Said
    {
        get
        {
            lock (_said) return string.Join('\n', _said);
        }
    }

    public Usage Usage
    {
        get
        {
            var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var memory = File.ReadLines($"/proc/{_process.Id}/status").Where(line => line.EndsWith(" kB", StringComparison.Ordinal)).ToDictionary(
                line => line[..line.IndexOf(':', StringComparison.Ordinal)], line => (long)Number(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]) << 10);
            return new Usage(Number(fields[11]) / TicksPerSecond, Number(fields[12]) / TicksPerSecond, memory["VmHWM"], memory["RssAnon"] + memory["RssShmem"]);
        }
    }

    private async Task<string[]> HearAsync() =>
        (await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience)
            ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} has ended: {Said}")).Split(' ');

    /// <summary>Waits until it says a word.</summary>
    public async Task UntilAsync(string word)
    {
        while ((await HearAsync())[0] != word)
        {
        }
    }

    /// <summary>Waits until all that stand at its ends are ready; says why they will never be, should it end before.</summary>
    public async Task UntilReadyAsync(params IEnumerable<Running> ends)
    {
        using var readyFirst = new CancellationTokenSource();
        var ended = _process.WaitForExitAsync(readyFirst.Token);
        var ready = Task.WhenAll(ends.Select(end => end.UntilAsync("ready")));
        if (await Task.WhenAny(ready, ended) == ended)
        {
            await EndAsync();
            throw new InvalidOperationException($"it exited with {ExitCode}: {Said}");
        }
        await readyFirst.CancelAsync();
        await ready;
    }

    /// <summary>Gives it a command.</summary>
    public void Tell(string command)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
    }

    /// <summary>Gives it a command and waits for the answer.</summary>
    public Task<string[]> AskAsync(string command)
    {
        Tell(command);
        return HearAsync();
    }

    /// <summary>Asks a source or a sink how many messages there were, and when that was.</summary>
    public async Task<(long Messages, double Seconds)> CountAsync()
    {
        var said = await AskAsync("count");
        return ((long)Number(said[1]), Number(said[2]) / 1e6);
    }

    /// <summary>Messages a second of a source or a sink, over some time.</summary>
    public async Task<double> RateAsync(TimeSpan time)
    {
        var before = await CountAsync();
        await Task.Delay(time);
        var after = await CountAsync();
        return (after.Messages - before.Messages) / (after.Seconds - before.Seconds);
    }

    /// <summary>Has it stop as it does when a supervisor tells it to.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await kill.WaitForExitAsync();
        }
        await EndAsync();
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public async Task EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        await _listening;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await EndAsync();
        _process.Dispose();
    }

    private async Task ListenAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_said)
            {
                if (_said.Count < 100) _said.Add(line);
            }
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
