using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace MessageRouter.Configuration.Secrets;

/// <summary>Secrets that programs print: run without a shell, bounded in time and output, and kept for a while, so that not every reading runs them again.</summary>
internal sealed class SecretCommands(TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>For one whose output is at its end, or is read no further.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Text, long At)> _kept = [];

    /// <summary>Those of this process.</summary>
    public static SecretCommands OfProcess { get; } = new(TimeProvider.System);

    /// <param name="command">The program, as a path or a name that is looked up in <c>PATH</c>, and its arguments.</param>
    /// <param name="directory">Where it starts; empty for the current folder.</param>
    /// <param name="cache">How old a result may be that is taken again.</param>
    /// <exception cref="SecretException">It cannot be started, fails, takes too long, or prints nothing that is a secret.</exception>
    public string Read(IReadOnlyList<string> command, string directory, TimeSpan cache)
    {
        var key = string.Join('\0', [directory, .. command]);
        lock (_lock)
        {
            if (_kept.TryGetValue(key, out var kept) && clock.GetElapsedTime(kept.At) < cache) return kept.Text;
            var text = Run(command, directory);
            if (cache > TimeSpan.Zero) _kept[key] = (text, clock.GetTimestamp());
            else _kept.Remove(key);
            return text;
        }
    }

    private static string Run(IReadOnlyList<string> command, string directory)
    {
        var shown = $"`{command[0]}`";
        var start = new ProcessStartInfo(command[0]) { WorkingDirectory = directory, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in command.Skip(1)) start.ArgumentList.Add(argument);
        using var process = Start(start, shown);
        process.StandardInput.Close();

        // What it complains of may be the secret itself.
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string? text = null;
        SecretException? problem = null;
        var inTime = Bounded.Run(
            () =>
            {
                try
                {
                    text = SecretContent.Read(process.StandardOutput.BaseStream, $"what {shown} prints");
                }
                catch (SecretException exception)
                {
                    problem = exception;
                }
                catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
                {
                    problem = new SecretException($"what {shown} prints cannot be read: {exception.Message}");
                }
            },
            Patience);
        var hasEnded = inTime && process.WaitForExit(problem is null ? Patience : Moment);
        if (!hasEnded) process.Kill(entireProcessTree: true);
        if (!hasEnded && problem is not null) throw problem;
        if (!hasEnded) throw new SecretException(string.Create(CultureInfo.InvariantCulture, $"{shown} took longer than {Patience.TotalSeconds:0} s"), "it is asked for nothing, and has nobody to ask");
        if (process.ExitCode != 0) throw new SecretException(string.Create(CultureInfo.InvariantCulture, $"{shown} has ended with {process.ExitCode}"), "run it by hand to see why");
        return problem is null ? text! : throw problem;
    }

    private static Process Start(ProcessStartInfo start, string shown)
    {
        try
        {
            return Process.Start(start) ?? throw new SecretException($"{shown} cannot be started");
        }
        catch (Exception exception) when (exception is Win32Exception or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SecretException($"{shown} cannot be started: {(exception as Win32Exception)?.NativeErrorCode switch { 2 => "there is no such program", 13 => "it may not be executed", _ => exception.Message }}", "name a program in PATH, or its path, relative to the file that names it");
        }
    }
}
