using System.Text.Json;

namespace MessageRouter.Benchmarks.Route;

/// <summary>The router, as its command.</summary>
/// <param name="command">The command, a program or an assembly.</param>
internal sealed class MessageRouterContestant(string command) : Contestant
{
    public const string Title = "MessageRouter";

    public override string Name => Title;

    public override string? Missing => File.Exists(command) ? null : $"{command} does not exist";

    public override IReadOnlyList<string>? Command(Ends ends)
    {
        if (ends.Case.Kind == NothingBetween.Kind) return null;
        var file = Path.Combine(ends.Folder, "node.conf");
        File.WriteAllText(file, ends.Case.Configuration(ends.From, ends.To, ends.File));
        return [.. Program, "run", file, "--quiet", "--summary-file", SummaryFile(ends)];
    }

    /// <summary>The command up to its verb.</summary>
    public IReadOnlyList<string> Program => command.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", command] : [command];

    /// <summary>Where a run's ledger is when it has ended.</summary>
    public static string SummaryFile(Ends ends) => Path.Combine(ends.Folder, "ledger.json");

    /// <summary>One component's line in the final ledger of a run.</summary>
    public static JsonElement Component(Ends ends, string name) =>
        Ledger(ends).GetProperty("components").EnumerateArray().Single(line => line.GetProperty("name").GetString() == name);

    /// <summary>Whether the final ledger of a run balances.</summary>
    public static bool IsBalanced(Ends ends) => Ledger(ends).GetProperty("balanced").GetBoolean();

    /// <summary>The final ledger of a run.</summary>
    public static JsonElement Ledger(Ends ends) => JsonDocument.Parse(File.ReadAllText(SummaryFile(ends))).RootElement;
}

/// <summary>NetMQ alone, which everything is compared with.</summary>
internal sealed class RawNetMq : Contestant
{
    public const string Title = "raw NetMQ";

    public override string Name => Title;

    public override IReadOnlyList<string>? Command(Ends ends) =>
        ends.Case.Kind is "pull-push" or "sub-pub" ? [.. Self.Command, "forward", ends.Case.Kind, ends.Source, ends.Target] : null;
}

/// <summary>The source connected to the sink, which stands in for a contestant: whether these two can be a bottleneck.</summary>
internal sealed class NothingBetween : Contestant
{
    public const string Title = "nothing (source to sink)";

    /// <summary>What nobody else does.</summary>
    public const string Kind = "direct";

    public override string Name => Title;

    public override IReadOnlyList<string>? Command(Ends ends) =>
        ends.Case.Kind == Kind ? [.. Self.Command, "sink", "PULL", $"@{ends.From}", "count"] : null;
}

/// <summary>libzmq's own forwarding loop.</summary>
internal sealed class LibZmqProxy : Contestant
{
    public const string Title = "libzmq proxy";

    public override string Name => Title;

    public override string? Missing => Runs("/usr/bin/python3", "-c", "import zmq") ? null : "the Debian package python3-zmq is not installed";

    public override IReadOnlyList<string>? Command(Ends ends) =>
        ends.Case.Kind is "pull-push" or "sub-pub" ? ["/usr/bin/python3", Self.File("proxy.py"), ends.Case.Kind, ends.Source, ends.Target]
        : ends.Case.Kind is "curve-pull-push" ? ["/usr/bin/python3", Self.File("proxy.py"), "pull-push", ends.Source, ends.Target, CurveFiles.PublicKey, CurveFiles.SecretKey]
        : null;
}

/// <summary>Message::Passing::ZeroMQ, with its default codecs.</summary>
internal sealed class PerlOriginal : Contestant
{
    public override string Name => "Perl original";

    public override bool OpensLate => true;

    public override string? Missing => Runs("perl", "-e", "use Message::Passing; use Message::Passing::Input::ZeroMQ") ? null : "the Debian packages libmessage-passing-perl and libmessage-passing-zeromq-perl are not installed";

    public override IReadOnlyList<string>? Command(Ends ends)
    {
        string[] pull = ["--input", "ZeroMQ", "--input_options", Options("socket_bind", ends.Source, "PULL")];
        string[] file = ["--output", "File", "--output_options", JsonSerializer.Serialize(new { filename = ends.File })];
        return ends.Case.Kind switch
        {
            "pull-push" => ["message-pass", .. pull, "--output", "ZeroMQ", "--output_options", Options("socket_bind", ends.Target, "PUSH")],
            "sub-pub" => ["message-pass", "--input", "ZeroMQ", "--input_options", Options("socket_bind", ends.Source, "SUB"), "--output", "ZeroMQ", "--output_options", Options("socket_bind", ends.Target, "PUB")],
            "pull-file" => ["message-pass", .. pull, .. file],
            "lines-file" => ["message-pass", "--input", "STDIN", .. file],
            _ => null,
        };
    }

    private static string Options(string side, string endpoint, string type) =>
        JsonSerializer.Serialize(new Dictionary<string, string> { [side] = endpoint, ["socket_type"] = type });
}

/// <summary>rsyslog with its ZeroMQ modules.</summary>
internal sealed class Rsyslog : Contestant
{
    public override string Name => "rsyslog";

    public override string? Missing => File.Exists("/usr/sbin/rsyslogd") && Directory.EnumerateFiles("/usr/lib", "imczmq.so", SearchOption.AllDirectories).Any()
        ? null : "the Debian packages rsyslog and rsyslog-czmq are not installed";

    public override IReadOnlyList<string>? Command(Ends ends)
    {
        var action = ends.Case.Kind switch
        {
            "pull-push" => $"action(type=\"omczmq\" endpoints=\"@{ends.Target}\" socktype=\"PUSH\" template=\"raw\")",
            "pull-file" => $"action(type=\"omfile\" file=\"{ends.File}\" template=\"line\")",
            _ => null,
        };
        if (action is null) return null;
        var file = Path.Combine(ends.Folder, "rsyslog.conf");
        File.WriteAllText(file, $"""
            module(load="imczmq")
            module(load="omczmq")
            template(name="raw" type="string" string="%rawmsg%")
            template(name="line" type="string" string="%rawmsg%\n")
            ruleset(name="forward") {"{"} {action} {"}"}
            input(type="imczmq" endpoints="@{ends.Source}" socktype="PULL" ruleset="forward")
            """);
        return ["/usr/sbin/rsyslogd", "-n", "-f", file, "-i", Path.Combine(ends.Folder, "rsyslog.pid")];
    }
}
