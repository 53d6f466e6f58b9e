namespace MessageRouter.InteropTests.Support;

/// <summary>
/// A system that systemd boots: the files of this machine with a layer over them that goes with it, processes and a network of its own. It runs one script, as root, and is turned off. The folder
/// <c>/shared</c> is the test's.
/// </summary>
internal static class BootedSystem
{
    /// <summary>What the script prints, and what goes wrong in it, in this file of the shared folder.</summary>
    public const string Said = "said";

    /// <summary>Nothing but what a service needs is started beside it.</summary>
    private const string Unit = """
        [Unit]
        Requires=basic.target
        After=basic.target
        SuccessAction=exit-force
        FailureAction=exit-force
        [Service]
        Type=oneshot
        TimeoutStartSec=infinity
        ExecStart=/bin/sh /shared/script
        StandardOutput=append:/shared/said
        StandardError=append:/shared/said
        """;

    /// <summary>The layer is in memory, and mounted for this process and its children alone.</summary>
    private const string Boot = """
        set -e
        mount -t tmpfs layer "$1/layer"
        mkdir "$1/layer/upper" "$1/layer/work" "$1/layer/root"
        mount -t overlay system -o "lowerdir=/,upperdir=$1/layer/upper,workdir=$1/layer/work" "$1/layer/root"
        cp "$1/shared/unit" "$1/layer/root/etc/systemd/system/of-the-test.service"
        for wait in systemd-networkd-wait-online NetworkManager-wait-online; do ln -sf /dev/null "$1/layer/root/etc/systemd/system/$wait.service"; done
        exec systemd-nspawn --directory "$1/layer/root" --boot --register=no --keep-unit --private-network --link-journal=no --bind "$1/shared:/shared" -- systemd.unit=of-the-test.service
        """;

    /// <summary>What runs such a system.</summary>
    /// <param name="files">The test's folder, with what the script needs in its folder <c>shared</c>.</param>
    /// <param name="script">What is run in it.</param>
    /// <exception cref="SkipException">Whoever runs the tests may boot none.</exception>
    public static Peer Run(TemporaryDirectory files, string script)
    {
        Requires.Systemd();
        Skip.IfNot(Environment.IsPrivilegedProcess, "Only root may boot a system.");
        Directory.CreateDirectory(files["layer"]);
        files.Write("shared/unit", Unit);
        files.Write("shared/script", script);
        return new Peer(files.Path, "unshare", ["--mount", "sh", "-c", Boot, "boot", files.Path]);
    }
}
