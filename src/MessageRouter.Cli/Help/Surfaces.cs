namespace MessageRouter.Cli.Help;

/// <summary>What the program meets of its machine, as the manual tells it.</summary>
internal static class Surfaces
{
    /// <summary>Variables of the environment that it reads.</summary>
    public static readonly IReadOnlyList<(string Name, string Meaning)> Environment =
    [
        ("MESSAGE_ROUTER_SOCKETS", "The one folder in which nodes have their control sockets and commands look for them, in place of those below."),
        ("MESSAGE_ROUTER_PLUGINS", "Plug-ins of `pass`: assemblies or folders, as `--plugin` takes them."),
        ("XDG_RUNTIME_DIR", "Where the folder `message-router` with control sockets is; without it in the folder for temporary files, and of root `/run/message-router`."),
        ("RUNTIME_DIRECTORY", "What systemd has made for a service; below `/run/message-router` it has the node's control socket."),
        ("NOTIFY_SOCKET, WATCHDOG_USEC", "Where, and how often, systemd or a node that started this one is told that it is ready and lives."),
        ("NO_COLOR, TERM", "Whether `top` and `graph` can have colours and a whole screen."),
        ("MESSAGE_ROUTER_WORKER, MESSAGE_ROUTER_WORKER_NUMBER", "Set for worker processes: the name, such as `pool.1`, and the number."),
    ];

    /// <summary>Files that it knows by their paths.</summary>
    public static readonly IReadOnlyList<(string Path, string Meaning)> Files =
    [
        ("/etc/message-router/NAME.conf", "The node that `systemctl start message-router@NAME` runs."),
        ("/var/lib/message-router/NAME", "Where such a node is at work: relative paths of its file begin there, and `ledger.json` is its last ledger."),
        ("/run/user/UID/message-router, /run/message-router", "The control sockets of running nodes."),
        ("/usr/share/doc/message-router/examples", "Configurations to begin with; `reference.conf` has every key."),
    ];
}
