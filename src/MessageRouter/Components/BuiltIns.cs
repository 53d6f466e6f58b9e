using MessageRouter.Filters;
using MessageRouter.Inputs;
using MessageRouter.Outputs;
using MessageRouter.ZeroMq;

namespace MessageRouter.Components;

/// <summary>Every component that comes with the router. One more component is one more line here.</summary>
internal static class BuiltIns
{
    public static ComponentRegistry Registry() => new ComponentRegistry()
        .Add<NullInput>("null", "Brings no messages.", "{ type = null, to = [out] }")
        .Add<ZeroMqInput>("zeromq", "Receives from ZeroMQ publishers (SUB) or pushers (PULL).", """{ type = zeromq, bind = "tcp://*:5222", to = [out] }""")

        .Add<NullFilter>("null", "Passes every message on as it is.", "{ type = null, to = [out] }")
        .Add<AllFilter>("all", "Stops every message.", "{ type = all, to = [out] }")

        .Add<NullOutput>("null", "Discards every message.", "{ type = null }")
        .Add<TestOutput>("test", "Keeps messages in memory for tests in the same process.", "{ type = test }")
        .Add<ZeroMqOutput>("zeromq", "Sends to ZeroMQ subscribers (PUB) or workers (PUSH).", """{ type = zeromq, connect = "tcp://127.0.0.1:5222" }""");
}
