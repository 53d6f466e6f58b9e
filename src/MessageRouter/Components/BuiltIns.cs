using MessageRouter.Distribution;
using MessageRouter.Filters;
using MessageRouter.Inputs;
using MessageRouter.Outputs;
using MessageRouter.Plugins;
using MessageRouter.ZeroMq;

namespace MessageRouter.Components;

/// <summary>Every component that comes with the router. One more component is one more line here.</summary>
internal static class BuiltIns
{
    public static ComponentRegistry Registry() => new ComponentRegistry()
        .Add<NullInput>("null", "Brings no messages.", "{ type = null, to = [out] }")
        .Add<StdinInput>("stdin", "Reads the standard input, one message a line; empty lines are no messages.", "{ type = stdin, to = [out] }")
        .Add<GeneratorInput>("generator", "Makes messages of a template, at a given rate or as fast as the node takes them.", "{ type = generator, rate = 10, count = 100, to = [out] }")
        .Add<ZeroMqInput>("zeromq", "Receives from ZeroMQ publishers (SUB) or pushers (PULL).", """{ type = zeromq, bind = "tcp://*:5222", to = [out] }""")
        .AddOf(ExtensionPackage.Cluster, ComponentRole.Input, "cluster")

        .Add<NullFilter>("null", "Passes every message on as it is.", "{ type = null, to = [out] }")
        .Add<AllFilter>("all", "Stops every message.", "{ type = all, to = [out] }")
        .Add<TeeFilter>("tee", "Passes every message on to all its targets.", "{ type = tee, to = [out] }")
        .Add<KeyFilter>("key", "Passes messages whose field has a certain value.", "{ type = key, key = level, match = error, to = [out] }")
        .AddOf(ExtensionPackage.CSharp, ComponentRole.Filter, "csharp")
        .Add<SetFilter>("set", "Gives fields fixed values.", "{ type = set, fields { site = berlin, meta.checked = true }, to = [out] }")
        .Add<RemoveFilter>("remove", "Removes fields.", "{ type = remove, fields = [password, user.token], to = [out] }")
        .Add<RenameFilter>("rename", "Gives fields other names or places.", "{ type = rename, fields { msg = message }, to = [out] }")
        .Add<GapDetectFilter>("gap-detect", "Counts what is missing in sequences that applications write.", "{ type = gap-detect, field = seq, by = [host, pid], to = [out] }")
        .Add<DelayFilter>("delay", "Holds each message for a while.", "{ type = delay, delay = 500ms, to = [out] }")

        .Add<NullOutput>("null", "Discards every message.", "{ type = null }")
        .Add<StdoutOutput>("stdout", "Writes to the standard output, one line a message.", "{ type = stdout }")
        .Add<StderrOutput>("stderr", "Writes to the standard error output, one line a message.", "{ type = stderr }")
        .Add<FileOutput>("file", "Writes to a file, one line a message, and follows its rotation.", """{ type = file, path = "messages.log" }""")
        .Add<TestOutput>("test", "Keeps messages in memory for tests in the same process.", "{ type = test }")
        .Add<ZeroMqOutput>("zeromq", "Sends to ZeroMQ subscribers (PUB) or workers (PUSH).", """{ type = zeromq, connect = "tcp://127.0.0.1:5222" }""")
        .Add<DistributorOutput>("distributor", "Divides messages among workers, and on request has them answer for each.", """{ type = distributor, bind = "tcp://*:5223" }""")
        .AddOf(ExtensionPackage.Cluster, ComponentRole.Output, "cluster");
}
