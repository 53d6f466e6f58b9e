using System.Runtime.InteropServices;

namespace MessageRouter.InteropTests.Support;

/// <summary>A process that a node has started, known by what its log says.</summary>
internal sealed class WorkerProcess(int id)
{
    private const string Words = ": Process ", Started = " started.";

    /// <summary>Whether it runs; one that has ended and only waits for its parent to take notice does not.</summary>
    public bool IsAlive
    {
        get
        {
            try
            {
                var status = File.ReadAllText($"/proc/{id}/stat");
                return status[status.LastIndexOf(')') + 2] != 'Z';
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    /// <summary>The processes that the node has started under a worker's name, in their order.</summary>
    public static async Task<WorkerProcess[]> Of(Peer node, string worker, int count = 1)
    {
        bool IsStart(string line) => line.Contains($" {worker}{Words}", StringComparison.Ordinal) && line.EndsWith(Started, StringComparison.Ordinal);
        await node.Until(() => node.Errors.Lines.Count(IsStart) >= count, $"{count} starts of {worker}");
        return [.. node.Errors.Lines.Where(IsStart).Select(line => new WorkerProcess(IdIn(line)))];
    }

    public void Send(Signal signal) => Assert.Equal(0, Kill(id, (int)signal));

    private static int IdIn(string line) => int.Parse(line[(line.LastIndexOf(Words, StringComparison.Ordinal) + Words.Length)..^Started.Length]);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
