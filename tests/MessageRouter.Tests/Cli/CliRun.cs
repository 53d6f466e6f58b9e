using System.Text;
using MessageRouter.Cli;
using MessageRouter.Cli.Running;
using MessageRouter.Components;
using MessageRouter.TestKit;
using MessageRouter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Tests.Cli;

/// <summary>The command line in this process, in a folder of its own, with streams and signals that a test controls.</summary>
internal sealed class CliRun : ISignals, IStandardStreams, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly TaskCompletionSource<(Action Stop, Action Reopen)> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SharedText _output = new();
    private readonly SharedText _error = new();
    private readonly SharedBytes _standardOutput = new();

    /// <summary>What the standard input holds.</summary>
    public string Input { get; init; } = "";

    /// <summary>Whether somebody can be asked.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Whether the reader of the standard output has closed it.</summary>
    public bool OutputIsClosed { get; init; }

    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>What the command has written itself; paths of the test's folder are shown without it.</summary>
    public string Output => Shown(_output);

    public string Error => Shown(_error);

    /// <summary>What the node's <c>stdout</c> outputs have written, and commands that go on and on.</summary>
    public string Messages => Encoding.UTF8.GetString(_standardOutput.ToArray());

    public string this[string file] => Path.Combine(_folder.FullName, file);

    public string Write(string file, string text)
    {
        File.WriteAllText(this[file], text);
        return this[file];
    }

    public Task<int> RunAsync(params string[] arguments) => CommandLine.RunAsync(arguments, new Surroundings
    {
        Output = _output,
        Error = _error,
        OpenOutput = ((IStandardStreams)this).OpenOutput,
        OpenInput = ((IStandardStreams)this).OpenInput,
        HasInput = () => Input.Length > 0,
        IsTerminal = () => IsTerminal,
        Signals = this,
        Environment = name => Environment.GetValueOrDefault(name),
        Services = services =>
        {
            services.AddSingleton<IStandardStreams>(this);
            services.AddLogging(logging => logging.ClearProviders().AddProvider(Log));
        },
    }).WaitAsync(TestNode.Patience);

    /// <summary>Sends a signal to stop as soon as somebody listens.</summary>
    public async Task StopAsync() => (await _listening.Task.WaitAsync(TestNode.Patience)).Stop();

    /// <summary>Sends the signal to open files anew, as soon as the node has started.</summary>
    public async Task ReopenAsync()
    {
        var (_, reopen) = await _listening.Task.WaitAsync(TestNode.Patience);
        await LogsAsync("Node ");
        reopen();
    }

    /// <summary>The node's log.</summary>
    public RecordingLog Log { get; } = new();

    /// <summary>Waits for a line of the log that begins with this.</summary>
    public Task LogsAsync(string begin) =>
        Eventually.IsTrueAsync(() => Log.Lines.Any(line => line.Text.StartsWith(begin, StringComparison.Ordinal)), () => $"No line began with: {begin}");

    IDisposable ISignals.Listen(Action stop, Action reopen, Action<string>? say)
    {
        _listening.TrySetResult((stop, reopen));
        return new MemoryStream();
    }

    Stream IStandardStreams.OpenInput() => new MemoryStream(Encoding.UTF8.GetBytes(Input));

    Stream IStandardStreams.OpenOutput() => OutputIsClosed ? new ClosedPipe() : _standardOutput;

    Stream IStandardStreams.OpenError() => new MemoryStream();

    public void Dispose() => _folder.Delete(recursive: true);

    private string Shown(SharedText writer) => writer.ToString().Replace(_folder.FullName + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    /// <summary>A pipe whose reader has closed it: writing fails with EPIPE.</summary>
    private sealed class ClosedPipe : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("Broken pipe", 32);

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("Broken pipe", 32);
    }
}
