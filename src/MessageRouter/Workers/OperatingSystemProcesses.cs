using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Workers;

/// <summary>Real processes.</summary>
internal sealed class OperatingSystemProcesses : IWorkerProcesses, IDisposable
{
    private readonly Lazy<Guardian?> _guardian;
    private readonly NotifyFolder _folder;

    public OperatingSystemProcesses(ILoggerFactory loggers)
    {
        _guardian = new Lazy<Guardian?>(() =>
        {
            if (Leash.Exists) return new Guardian();
            WorkersLog.NoLeash(loggers.CreateLogger("workers"));
            return null;
        });
        _folder = new NotifyFolder { Made = path => _guardian.Value?.Tidy(path) };
    }

    public void Check(WorkerGroupDefinition group)
    {
        WorkerProgram.Resolve(group);
        OpenNotifySocket(group)?.Dispose();
    }

    public IWorkerProcess Start(WorkerGroupDefinition group, int number, Action<string> line)
    {
        var command = WorkerProgram.Resolve(group);
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = group.Directory,

            // What it writes are messages or remarks of its own: they must not mix into the node's standard output.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        NotifySocket.Forget(start.Environment);
        foreach (var (name, value) in group.Environment) start.Environment[name] = value;
        start.Environment["MESSAGE_ROUTER_WORKER"] = string.Create(CultureInfo.InvariantCulture, $"{group.Name}.{number}");
        start.Environment["MESSAGE_ROUTER_WORKER_NUMBER"] = number.ToString(CultureInfo.InvariantCulture);
        var signs = OpenNotifySocket(group);
        signs?.Describe(start.Environment, group.HeartbeatTimeout);
        var guardian = _guardian.Value;
        if (guardian is not null) Leash.Apply(start);
        try
        {
            var process = LaunchThread.Run(() => Process.Start(start)!);
            if (guardian is null)
            {
                process.StandardInput.Close();
            }
            else
            {
                guardian.Watch(process.Id);
                Leash.LetGo(process);
            }
            return new OperatingSystemProcess(process, guardian, signs, line);
        }
        catch (Win32Exception exception)
        {
            signs?.Dispose();
            throw new WorkerStartException(group, exception.Message, exception);
        }
    }

    public void Dispose()
    {
        _folder.Dispose();
        if (_guardian.IsValueCreated) _guardian.Value?.Dispose();
    }

    private NotifySocket? OpenNotifySocket(WorkerGroupDefinition group) => group.HeartbeatTimeout > TimeSpan.Zero ? _folder.Open(group) : null;
}
