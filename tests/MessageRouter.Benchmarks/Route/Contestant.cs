using System.Diagnostics;

namespace MessageRouter.Benchmarks.Route;

/// <summary>The ends of one run, for whoever is to stand between them.</summary>
/// <param name="Case">What is measured.</param>
/// <param name="From">The port where messages come in; 0 where they come by a pipe.</param>
/// <param name="To">The ports where they leave.</param>
/// <param name="Folder">A folder of the run's own.</param>
internal sealed record Ends(RouteCase Case, int From, IReadOnlyList<int> To, string Folder)
{
    /// <summary>The file that messages are written to, in cases that have one.</summary>
    public string File => Path.Combine(Folder, "out.log");

    /// <summary>The pipe that messages come by, in cases that have one.</summary>
    public string Pipe => Path.Combine(Folder, "in");

    public string Source => $"tcp://127.0.0.1:{From}";

    public string Target => $"tcp://127.0.0.1:{(To.Count > 0 ? To[0] : 0)}";
}

/// <summary>Somebody who can stand between the source and the sink: the router or one of its peers.</summary>
internal abstract class Contestant
{
    public abstract string Name { get; }

    /// <summary>What must be installed for it, where it is missing; null where it is there.</summary>
    public virtual string? Missing => null;

    /// <summary>Whether it opens its outgoing socket only when it has a message for it.</summary>
    public virtual bool OpensLate => false;

    /// <summary>The command that does what the case asks for; null where it cannot.</summary>
    public abstract IReadOnlyList<string>? Command(Ends ends);

    protected static bool Runs(params string[] command)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
