namespace MessageRouter.Benchmarks.Route;

/// <summary>What is measured, in the order of the table.</summary>
internal static class RouteCases
{
    private const string Push = """outputs.first { type = zeromq, bind = OUT, socket-type = push }""";

    private const string PushLast = """outputs.last { type = zeromq, bind = OUT, socket-type = push }""";

    /// <summary>With rates that nobody reaches: what it costs to look at them.</summary>
    public const string Limited = "pull-push-limits";

    /// <summary>The case that stands for all in a short run, and whose parts others change.</summary>
    public static RouteCase Plain { get; } = new("pull-push", Feed.Push, "PULL", Push) { Kind = "pull-push" };

    public static IReadOnlyList<RouteCase> All { get; } =
    [
        new(NothingBetween.Kind, Feed.Push, null, "") { Kind = NothingBetween.Kind },
        Plain,
        new("pull-push-bytes", Feed.Push, "PULL", Push.Replace("push", "push, encode = bytes", StringComparison.Ordinal)) { InputKeys = "decode = bytes," },
        new("key-filter", Feed.Push, "PULL", $"filters.first {{ type = key, key = level, match = error, to = last }}\n{PushLast}"),
        new("set-field", Feed.Push, "PULL", $"filters.first {{ type = set, fields {{ n = 18 }}, to = last }}\n{PushLast}"),
        new("remove-field", Feed.Push, "PULL", $"filters.first {{ type = remove, fields = [n], to = last }}\n{PushLast}"),
        new("tree-edit", Feed.Push, "PULL", $"filters.first {{ type = csharp, code = \"\"\"return message.Edit(body => body[\"n\"] = 18);\"\"\", to = last }}\n{PushLast}"),
        new("csharp-filter", Feed.Push, "PULL", $"filters.first {{ type = csharp, when = \"\"\"message[\"level\"] == \"error\"\"\"\", to = last }}\n{PushLast}"),
        new("csharp-edit", Feed.Push, "PULL", $$"""
            filters.first {
              type = csharp
              code = "if (message[\"level\"] == \"error\" && message[\"host\"] == \"web-12\") return message.With(\"n\", 18); return message;"
              to = last
            }
            {{PushLast}}
            """),
        new("chain-of-5", Feed.Push, "PULL", $$"""
            filters {
              first { type = key, key = level, match = error, to = f2 }
              f2 { type = key, key = host, match = web-12, to = f3 }
              f3 { type = key, key = level, match = error, to = f4 }
              f4 { type = key, key = host, match = web-12, to = f5 }
              f5 { type = key, key = level, match = error, to = last }
            }
            {{PushLast}}
            """),
        new("fan-out-to-4", Feed.Push, "PULL", """
            outputs {
              o1 { type = zeromq, bind = OUT, socket-type = push }
              o2 { type = zeromq, bind = OUT2, socket-type = push }
              o3 { type = zeromq, bind = OUT3, socket-type = push }
              o4 { type = zeromq, bind = OUT4, socket-type = push }
            }
            """) { Copies = 4, To = "[o1, o2, o3, o4]" },
        new("distributor-to-2", Feed.Push, "PULL", "outputs.first { type = distributor, bind = OUT }") { Kind = "pull-push", Workers = 2 },
        new("distributor-to-8", Feed.Push, "PULL", "outputs.first { type = distributor, bind = OUT }") { Kind = "pull-push", Workers = 8 },

        // So many that each message is taken when it comes: at full speed whoever is slow reads several of a connection at once, which is cheaper.
        new("small-senders", Feed.Push, "PULL", Push) { Kind = "pull-push", Senders = 2000, Rate = 20_000 },
        new("sub-pub", Feed.Pub, "SUB", "outputs.first { type = zeromq, bind = OUT, socket-type = pub }") { Kind = "sub-pub" },
        new("pull-push-1k", Feed.Push, "PULL", Push) { Kind = "pull-push", Size = 1000 },
        new("pull-push-10k", Feed.Push, "PULL", Push) { Kind = "pull-push", Size = 10_000 },
        new(Limited, Feed.Push, "PULL", Push) { Kind = "pull-push", InputKeys = "limits { messages-per-second = 1000000000, bytes-per-second = 1000GiB, allow-from = \"127.0.0.0/8\" }," },
        Sealed(100),
        Sealed(1000),
        Sealed(10_000),

        // Nobody sees when it has read everything: at the stop it reads until the source's connection ends, which it has by then.
        new("pull-null", Feed.Push, null, "outputs.first { type = null }") { IsDiscarded = true, InputKeys = "linger = 30s," },
        new("pull-file", Feed.Push, null, "outputs.first { type = file, path = FILE }") { Kind = "pull-file" },
        new("stdin-file", Feed.Lines, null, "outputs.first { type = file, path = FILE }") { Kind = "lines-file" },
    ];

    /// <summary>CURVE at both ends. Nobody asks whether the other is there: whoever counts frames cannot tell what is sealed in them.</summary>
    private static RouteCase Sealed(int size)
    {
        const string keys = "curve { identity = node, allow = any }, heartbeat { interval = 0s }";
        return new($"curve-{size}", Feed.Push, "PULL", $"outputs.first {{ type = zeromq, bind = OUT, socket-type = push, {keys} }}")
        {
            Kind = "curve-pull-push",
            IsSealed = true,
            Size = size,
            InputKeys = keys + ",",
            Settings = $"security.identities.node.file = \"{CurveFiles.Secret}\"",
        };
    }
}
