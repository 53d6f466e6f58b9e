using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace MessageRouter.InteropTests.Support;

/// <summary>A real process on the other end. Every wait is bounded, and its failure shows what the process said.</summary>
internal class Peer : IAsyncDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Process process;
    private readonly SemaphoreSlim writing = new(1);
    private readonly string command;

    public Peer(string directory, string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Utf8,
            StandardOutputEncoding = Utf8,
            StandardErrorEncoding = Utf8,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        command = string.Join(' ', start.ArgumentList.Prepend(program));
        process = Process.Start(start)!;
        Output = new LineLog(process.StandardOutput);
        Errors = new LineLog(process.StandardError);
    }

    /// <summary>How long a test waits for anything. Generous, because a build machine may be busy.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    public LineLog Output { get; }

    public LineLog Errors { get; }

    /// <summary>The process's standard input as bytes, for more than a few lines.</summary>
    public Stream Input => process.StandardInput.BaseStream;

    public bool HasExited => process.HasExited;

    public int Id => process.Id;

    /// <summary>The most memory that the process has ever held in RAM, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            var line = File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
        }
    }

    /// <summary>The bytes that the process has read from anything.</summary>
    public long BytesRead =>
        long.Parse(File.ReadLines($"/proc/{process.Id}/io").Single(line => line.StartsWith("rchar:", StringComparison.Ordinal)).Split(' ')[1]);

    /// <summary>Whether the process has mapped a file whose path has this part.</summary>
    public bool HasLoaded(string file) =>
        File.ReadLines($"/proc/{process.Id}/maps").Any(line => line.Contains(file, StringComparison.Ordinal));

    public Task WriteAsync(params IEnumerable<string> lines) =>
        WriteAsync(Utf8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    public void EndInput() => process.StandardInput.Close();

    /// <summary>Waits for a line on standard output.</summary>
    public async Task<string> Prints(Predicate<string> match, string what) => (await Prints(match, 1, what))[0];

    /// <summary>Waits for <paramref name="count"/> lines on standard output and gives them in their order.</summary>
    public Task<string[]> Prints(Predicate<string> match, int count, string what) => Find(Output, match, count, what);

    /// <summary>Waits for a line on standard error.</summary>
    public async Task<string> Reports(Predicate<string> match, string what, TimeSpan? patience = null) =>
        (await Find(Errors, match, 1, what, patience))[0];

    /// <summary>Waits until the process's port can be connected to, without connecting to it.</summary>
    public Task Listens(int port) => Until(() => Ports.IsOpen(port), $"port {port} to be open");

    /// <summary>Waits for a condition that this process has to bring about.</summary>
    public Task Until(Func<bool> condition, string what, TimeSpan? patience = null) =>
        Until(() => Task.FromResult(condition()), what, patience);

    public async Task Until(Func<Task<bool>> condition, string what, TimeSpan? patience = null)
    {
        using var timeout = new CancellationTokenSource(patience ?? Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (!await condition())
        {
            if (HasExited && !await condition())
            {
                Fail($"ended while the test waited for {what}");
            }

            await OrFail(timer.WaitForNextTickAsync(timeout.Token).AsTask(), what);
        }
    }

    /// <summary>Sends a signal to a process that another one has started; it may have ended meanwhile.</summary>
    public static void Send(int processId, Signal signal) => _ = Kill(processId, (int)signal);

    public void Send(Signal signal)
    {
        if (Kill(process.Id, (int)signal) != 0)
        {
            Fail($"could not be sent {signal}");
        }
    }

    /// <summary>Sends a signal as a terminal does, where the process leads a group.</summary>
    public void SendToGroup(Signal signal)
    {
        if (Kill(-process.Id, (int)signal) != 0)
        {
            Fail($"could not be sent {signal} with its group");
        }
    }

    /// <summary>Waits for the end of the process and gives its exit code.</summary>
    public async Task<int> Exits(TimeSpan? patience = null)
    {
        using var timeout = new CancellationTokenSource(patience ?? Patience);
        await OrFail(process.WaitForExitAsync(timeout.Token), "its end");
        await OrFail(Task.WhenAll(Output.Ended, Errors.Ended).WaitAsync(timeout.Token), "the end of its output");
        return process.ExitCode;
    }

    public string Describe()
    {
        var state = HasExited ? $"exit code {process.ExitCode}" : "running";
        return $"{command}\n({state})\n--- stdout\n{Tail(Output)}\n--- stderr\n{Tail(Errors)}\n";
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
        writing.Dispose();
    }

    protected async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await writing.WaitAsync();
        try
        {
            await Input.WriteAsync(bytes);
            await Input.FlushAsync();
        }
        finally
        {
            writing.Release();
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    private static string Tail(LineLog log) =>
        string.Join('\n', log.Lines.TakeLast(40).Select(line => line.Length > 300 ? line[..300] + "…" : line));

    private async Task<string[]> Find(LineLog log, Predicate<string> match, int count, string what, TimeSpan? patience = null)
    {
        using var timeout = new CancellationTokenSource(patience ?? Patience);
        var found = log.FindAsync(match, count, timeout.Token);
        await OrFail(found, what);
        return await found;
    }

    private async Task OrFail(Task waiting, string what)
    {
        try
        {
            await waiting;
        }
        catch (Exception problem) when (problem is OperationCanceledException or EndOfStreamException)
        {
            Fail($"{(problem is EndOfStreamException ? problem.Message : "took too long.")} The test waited for {what}");
        }
    }

    private void Fail(string problem) => Assert.Fail($"{problem}:\n{Describe()}");
}
