using System.Globalization;
using MessageRouter.Components;

namespace MessageRouter.Cli.Running;

/// <summary>
/// Has the threads of the pool step back, which filters may loop on by the hundred: what is still to be said and written at the end would wait behind all of them for its
/// turn at the processor.
/// </summary>
internal static class Neighbours
{
    private const string OfThePool = ".NET TP Worker";

    public static void StepBack()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            foreach (var thread in Directory.EnumerateDirectories("/proc/self/task"))
            {
                if (File.ReadAllText($"{thread}/comm").TrimEnd() == OfThePool) LastInLine.Put(int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A thread has ended meanwhile, or the system does not tell: the end is as fast as it is then.
        }
    }
}
