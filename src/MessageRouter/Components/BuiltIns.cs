using MessageRouter.Filters;
using MessageRouter.Inputs;
using MessageRouter.Outputs;

namespace MessageRouter.Components;

/// <summary>Every component that comes with the router. One more component is one more line here.</summary>
internal static class BuiltIns
{
    public static ComponentRegistry Registry() => new ComponentRegistry()
        .Add<NullInput>("null", "Brings no messages.", "{ type = null, to = [out] }")

        .Add<NullFilter>("null", "Passes every message on as it is.", "{ type = null, to = [out] }")
        .Add<AllFilter>("all", "Stops every message.", "{ type = all, to = [out] }")

        .Add<NullOutput>("null", "Discards every message.", "{ type = null }")
        .Add<NullOutput>("stderr", "temporary", "{ type = null }")
        .Add<TestOutput>("test", "Keeps messages in memory for tests in the same process.", "{ type = test }");
}
