using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MessageRouter.Workers;

/// <summary>
/// What a command is started through so that its process is killed when the node ends, however that happens, and is a
/// group of its own: a Ctrl-C is meant for the node, which lets its workers finish, and one signal reaches all that a
/// worker has started. Each of these programs replaces itself by the next, so that the process stays the same.
/// </summary>
internal static partial class Leash
{
    // The shell waits for the word to go, which the node gives when the guardian knows of the group, and looks whether the
    // node still is its parent: it may have ended before `setpriv` could tie the process to it.
    private const string Script = """read -r go && [ "$PPID" = "$0" ] && exec "$@" < /dev/null""";

    // By their full paths, for a worker may be given another PATH.
    private static readonly string[] Programs =
    [
        Program("setpriv"), "--pdeathsig", "KILL", Program("setsid"), Program("sh"), "-c", Script,
        Environment.ProcessId.ToString(CultureInfo.InvariantCulture),

        // .NET ignores this signal, as would what it starts, and pipelines of a shell end by it.
        Program("env"), "--default-signal=PIPE", "--",
    ];

    private static readonly Lazy<bool> Works = new(Try);

    /// <summary>Whether this system has what it takes.</summary>
    public static bool Exists => OperatingSystem.IsLinux() && Works.Value;

    /// <summary>Puts a command on the leash; the process waits for <see cref="LetGo"/> then.</summary>
    public static void Apply(ProcessStartInfo start)
    {
        // Shells pass on only variables whose names they could have themselves.
        var strange = start.Environment.Where(variable => !ShellName().IsMatch(variable.Key)).Select(variable => $"{variable.Key}={variable.Value}");
        string[] command = [.. Programs, .. strange, start.FileName, .. start.ArgumentList];
        start.FileName = command[0];
        start.ArgumentList.Clear();
        foreach (var argument in command.Skip(1)) start.ArgumentList.Add(argument);
    }

    /// <summary>Lets the process become what it is to be.</summary>
    public static void LetGo(Process process)
    {
        try
        {
            process.StandardInput.Write("go\n");
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already, which its exit tells.
        }
    }

    // Small systems have a `setpriv` and an `env` that cannot do this.
    private static bool Try() => LaunchThread.Run(() =>
    {
        var start = new ProcessStartInfo(Program("true")) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        Apply(start);
        try
        {
            using var trial = Process.Start(start)!;
            LetGo(trial);
            trial.WaitForExit();
            return trial.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    });

    private static string Program(string name) => WorkerProgram.Find(name) ?? name;

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex ShellName();
}
