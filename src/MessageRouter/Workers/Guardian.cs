using System.Diagnostics;
using System.Globalization;

namespace MessageRouter.Workers;

/// <summary>
/// A process that outlives the node by a moment. When the node is gone, which it learns from the end of its input, it
/// kills what is left of the workers' groups: the <see cref="Leash"/> holds only a worker itself, not what that has started.
/// And it takes the node's own folder of temporary files away.
/// </summary>
internal sealed class Guardian : IDisposable
{
    private const string Script = """
        trap '' HUP INT TERM
        groups=' '
        folder=
        while read -r deed what; do
          case $deed in
            watch) groups="$groups$what " ;;
            forget) groups="${groups%% $what *} ${groups#* $what }" ;;
            tidy) folder=$what ;;
          esac
        done
        for group in $groups; do kill -s KILL -- "-$group"; done
        [ -z "$folder" ] || rm -rf -- "$folder"
        """;

    private readonly Process _process;
    private readonly Lock _lock = new();
    private bool _disposed;

    public Guardian()
    {
        _process = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Script])
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.StandardInput.AutoFlush = true;
    }

    public void Watch(int group) => Say("watch", group.ToString(CultureInfo.InvariantCulture));

    public void Forget(int group) => Say("forget", group.ToString(CultureInfo.InvariantCulture));

    public void Tidy(string folder) => Say("tidy", folder);

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;

            // A process does not close what somebody else may be using.
            _process.StandardInput.Dispose();
            _process.Dispose();
        }
    }

    private void Say(string deed, string what)
    {
        lock (_lock)
        {
            if (_disposed) return;
            try
            {
                _process.StandardInput.Write($"{deed} {what}\n");
            }
            catch (IOException)
            {
                // Somebody has killed it; the leash still holds the workers themselves.
            }
        }
    }
}
