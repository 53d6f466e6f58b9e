using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MessageRouter.InteropTests.Support;

/// <summary>Skips a test whose peer is not installed; under continuous integration its absence is a failure.</summary>
internal static class Requires
{
    private static readonly Lazy<bool> HasPerl = new(() =>
        Succeeds("perl", "-MMessage::Passing", "-MMessage::Passing::Input::ZeroMQ", "-e", "1"));

    private static readonly Lazy<bool> HasPromtool = new(() => Succeeds("promtool", "--version") && Succeeds("prometheus", "--version"));

    private static readonly Lazy<bool> HasPyZmq = new(() => Succeeds(ZmqPeer.Python, "-c", "import zmq"));

    private static readonly Lazy<bool> HasPython = new(() => Succeeds(ZmqPeer.Python, "-c", "import pty"));

    public static void Python() => Require(HasPython.Value, "Python (python3)");

    public static void Perl() => Require(HasPerl.Value, "Perl's Message::Passing::ZeroMQ (libmessage-passing-zeromq-perl)");

    public static void PyZmq() => Require(HasPyZmq.Value, "libzmq for Python (python3-zmq)");

    /// <summary>What gives a process a clock of its own.</summary>
    public static string FakeTimeLibrary { get; } = $"/usr/lib/{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64")}-linux-gnu/faketime/libfaketimeMT.so.1";

    public static void FakeTime() => Require(File.Exists(FakeTimeLibrary), "libfaketime (faketime)");

    public static void Chromium() => Require(File.Exists(Browser.BrowserFixture.Executable), "Chromium (chromium)");

    public static void Systemd() => Require(File.Exists("/usr/bin/systemd-nspawn") && File.Exists("/usr/bin/systemd-analyze"), "systemd with its containers (systemd, systemd-container)");

    /// <summary>What runs a program for Arm here.</summary>
    public const string Arm64Emulator = "/usr/bin/qemu-aarch64-static";

    public static void Arm64() =>
        Require(File.Exists(Arm64Emulator) && File.Exists("/usr/lib/aarch64-linux-gnu/libssl.so.3") && File.Exists("/usr/lib/aarch64-linux-gnu/libstdc++.so.6"), "QEMU with libraries for Arm (qemu-user-static libssl3:arm64 libstdc++6:arm64)");

    public static bool HasPrometheus => HasPromtool.Value;

    public static void Prometheus() => Require(HasPrometheus, "Prometheus (prometheus)");

    private static void Require(bool present, string peer)
    {
        if (!present && Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail($"{peer} is not installed, and continuous integration must not skip it.");
        }

        Skip.IfNot(present, $"{peer} is not installed.");
    }

    private static bool Succeeds(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
