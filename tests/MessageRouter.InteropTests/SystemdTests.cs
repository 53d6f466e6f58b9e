namespace MessageRouter.InteropTests;

/// <summary>The Debian package in a system that systemd has booted.</summary>
public sealed class SystemdTests(ITestOutputHelper output) : InteropTest(output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private const string Node = "router { inputs.in { type = generator, rate = 100, to = out }, outputs.out { type = file, path = numbers } }";

    /// <summary>Each line that is said is a step with what came of it. What is waited for comes, or the whole takes too long.</summary>
    private const string Script = """
        cd /var/lib
        unit=message-router@logs
        is() { systemctl show --value --property "$2" "message-router@$1"; }
        until_is() { until [ "$(is logs "$1")" "$2" "$3" ]; do sleep 0.1; done; }
        until_full() { until [ -s "$1" ]; do sleep 0.1; done; }

        dpkg --install /shared/package.deb >/dev/null
        echo "after its installation nothing runs: $(systemctl list-units --no-legend 'message-router@*' | wc -l)"

        cp /shared/logs.conf /etc/message-router
        mkdir -p /etc/systemd/system/message-router@logs.service.d
        printf '[Service]\nWatchdogSec=15\nTimeoutAbortSec=1\n' >/etc/systemd/system/message-router@logs.service.d/override.conf
        systemctl daemon-reload
        systemctl enable --quiet --now $unit 2>/dev/null
        echo "started: $(is logs ActiveState), $(is logs User)"
        until_full message-router/logs/numbers
        echo "its files are its own: $(stat --format '%U %a' message-router/logs/numbers)"
        until_is StatusText != ""
        echo "it says what it is at: $(is logs StatusText | sed 's/[0-9.]\+/N/g')"
        echo "healthy: $(message-router health)"

        mv message-router/logs/numbers message-router/logs/numbers.1
        systemctl reload $unit
        until_full message-router/logs/numbers
        echo "reloaded, its files are opened anew: $(is logs ActiveState)"

        restarts=$(is logs NRestarts)
        kill -9 "$(is logs MainPID)"
        until_is NRestarts -gt "$restarts"
        until_is ActiveState = active
        echo "killed, it was started again"
        restarts=$(is logs NRestarts)
        kill -STOP "$(is logs MainPID)"
        until_is NRestarts -gt "$restarts"
        until_is ActiveState = active
        echo "hung, it was started again"

        before=$(is logs MainPID)
        dpkg --install /shared/package.deb >/dev/null
        until_is ActiveState = active
        [ "$before" = "$(is logs MainPID)" ] || echo "the new version runs: $(is logs ActiveState)"
        systemctl stop $unit
        echo "stopped: $(is logs ActiveState) $(is logs Result) $(is logs ExecMainStatus)"
        echo "what its ledger says: $(message-router ledger check message-router/logs/ledger.json | tail --lines 1)"

        cp /shared/wrong.conf /etc/message-router
        systemctl start message-router@wrong 2>/dev/null
        echo "a wrong file is not tried again: $(is wrong ActiveState) $(is wrong ExecMainStatus) $(is wrong NRestarts)"
        echo "the log says what is wrong: $(journalctl --unit message-router@wrong --output cat | grep --max-count 1 'error')"
        for place in /etc/message-router /usr/lib/message-router /root /home /var/tmp/../lib; do
          echo "router { inputs.in { type = generator, to = out }, outputs.out { type = file, path = $place/written } }" >/etc/message-router/outside.conf
          systemctl start message-router@outside 2>/dev/null && echo "it started: $place"
          systemctl stop message-router@outside
          systemctl reset-failed message-router@outside 2>/dev/null
          [ -e "$place/written" ] && echo "written: $place"
        done

        systemctl start $unit
        dpkg --remove message-router >/dev/null 2>&1
        echo "removed: $(is logs ActiveState), $(ls message-router/logs/numbers)"
        dpkg --purge message-router >/dev/null 2>&1 || echo "it could not be purged, with files that are not its own"
        rm /etc/message-router/*
        dpkg --install /shared/package.deb >/dev/null
        dpkg --purge message-router >/dev/null 2>&1 || echo "it could not be purged"
        rm -r /etc/systemd/system/message-router@logs.service.d
        echo "purged: $(find /etc /run /usr /var -xdev -name '*message-router*' -printf '%p ')"
        """;

    [SkippableFact]
    public async Task The_units_nodes_start_reload_restart_and_stop_and_purging_the_package_leaves_nothing()
    {
        var package = Directory.GetFiles(await PublishedCommand.ArtifactsAsync(), "message-router_*_amd64.deb").Single();
        Directory.CreateDirectory(Files["shared"]);
        File.Copy(package, Files["shared/package.deb"]);
        Files.Write("shared/logs.conf", Node);
        Files.Write("shared/wrong.conf", "router { inputs.in { typ = null } }");

        var system = Started(BootedSystem.Run(Files, Script));
        Started(new Peer(Files.Path, "tail", ["--follow=name", "--retry", "shared/said"]));
        await system.Exits(Patience);

        Assert.Equal(
            [
                "after its installation nothing runs: 0",
                "started: active, message-router",
                "its files are its own: message-router 640",
                "it says what it is at: Running: in N/s, out N/s, dropped N/s, failed N/s, waiting N",
                "healthy: healthy",
                "reloaded, its files are opened anew: active",
                "killed, it was started again",
                "hung, it was started again",
                "the new version runs: active",
                "stopped: inactive success 0",
                "what its ledger says: 1 ledger, 0 links with both ends: 0 sent = 0 received + 0 lost",
                "a wrong file is not tried again: failed 78 0",
                "the log says what is wrong: error: input `in` needs a `type` or a `class`",
                "removed: inactive, message-router/logs/numbers",
                "purged: ",
            ],
            Files.Lines("shared/said"));
    }

    [SkippableFact]
    public async Task The_unit_has_no_mistake_and_is_hardened()
    {
        Requires.Systemd();
        var unit = Repository.File("src/MessageRouter.Cli/Distribution/debian/message-router@.service");

        await Succeeds("systemd-analyze", "security", "--offline=true", "--threshold=20", unit);
        await Succeeds("systemd-analyze", "verify", Files.Write("message-router@.service", File.ReadAllText(unit).Replace("/usr/bin/message-router", "/bin/true", StringComparison.Ordinal)));
    }

    private async Task Succeeds(string program, params string[] arguments)
    {
        var run = Started(new Peer(Files.Path, program, arguments));
        Assert.True(await run.Exits() == 0, run.Describe());
    }
}
