using Newtonsoft.Json.Linq;

namespace MessageRouter.Json;

/// <summary>Values of options that are JSON.</summary>
internal static class JsonTrees
{
    /// <returns>Null where they are none.</returns>
    public static bool? AreEqual(object one, object other) => one is JToken first && other is JToken second ? JToken.DeepEquals(first, second) : null;
}
