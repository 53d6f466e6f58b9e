using System.Net;
using System.Text.Json;

namespace MessageRouter.Cluster.Kubernetes;

/// <summary>
/// What an API server answers, read token by token: whatever stands in an answer, and however deep, reading it takes no more memory than it is long.
/// </summary>
internal static class ApiAnswer
{
    /// <summary>Of what is taken from an answer; the longest is the word that leads to the next page.</summary>
    private const int LongestText = 16 << 10;

    /// <summary>Reads a page of a list of pods.</summary>
    /// <param name="answer">The page, as JSON.</param>
    /// <param name="most">How many addresses are wanted; those beyond the first that is too many are left out.</param>
    /// <exception cref="JsonException">It is none.</exception>
    public static PodPage ReadPods(ReadOnlySpan<byte> answer, int most)
    {
        var json = new Utf8JsonReader(answer);
        var addresses = new List<IPAddress>();
        var (kind, next) = ("", "");
        json.Read();
        Require(ref json, JsonTokenType.StartObject);
        while (HasMember(ref json))
        {
            if (Is(ref json, "kind"u8)) kind = Text(ref json);
            else if (Is(ref json, "metadata"u8)) next = Member(ref json, "continue"u8);
            else if (Is(ref json, "items"u8)) ReadItems(ref json, addresses, most);
            else json.Skip();
        }
        if (json.Read() || kind != "PodList") throw new JsonException();
        return new PodPage(addresses, next);
    }

    /// <summary>Why an API server has refused, in its own words; empty where it has none.</summary>
    public static string ReadMessage(ReadOnlySpan<byte> answer)
    {
        try
        {
            var json = new Utf8JsonReader(answer);
            json.Read();
            return Member(ref json, "message"u8);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    private static void ReadItems(ref Utf8JsonReader json, List<IPAddress> addresses, int most)
    {
        if (!Enters(ref json, JsonTokenType.StartArray)) return;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var before = addresses.Count;
            if (!IsAlive(ref json, addresses, most)) addresses.RemoveRange(before, addresses.Count - before);
        }
    }

    /// <summary>Reads a pod; adds its addresses whether it is alive or not.</summary>
    private static bool IsAlive(ref Utf8JsonReader json, List<IPAddress> addresses, int most)
    {
        var (ends, phase) = ("", "");
        Require(ref json, JsonTokenType.StartObject);
        while (HasMember(ref json))
        {
            if (Is(ref json, "metadata"u8)) ends = Member(ref json, "deletionTimestamp"u8);
            else if (Is(ref json, "status"u8)) phase = ReadStatus(ref json, addresses, most);
            else json.Skip();
        }
        return ends.Length == 0 && phase is "Pending" or "Running";
    }

    private static string ReadStatus(ref Utf8JsonReader json, List<IPAddress> addresses, int most)
    {
        var phase = "";
        if (!Enters(ref json, JsonTokenType.StartObject)) return phase;
        while (HasMember(ref json))
        {
            if (Is(ref json, "phase"u8)) phase = Text(ref json);
            else if (Is(ref json, "podIP"u8)) Add(Text(ref json), addresses, most);
            else if (Is(ref json, "podIPs"u8)) ReadAddresses(ref json, addresses, most);
            else json.Skip();
        }
        return phase;
    }

    /// <summary>Reads all addresses of a pod, which may have one of each family.</summary>
    private static void ReadAddresses(ref Utf8JsonReader json, List<IPAddress> addresses, int most)
    {
        if (!Enters(ref json, JsonTokenType.StartArray)) return;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray) Add(Member(ref json, "ip"u8), addresses, most);
    }

    private static void Add(string text, List<IPAddress> addresses, int most)
    {
        if (text.Length == 0) return;
        if (!IPAddress.TryParse(text, out var address)) throw new JsonException();
        if (addresses.Count <= most) addresses.Add(address);
    }

    /// <summary>Reads an object and gives the text of one of its members; empty where it has none, or there is no object.</summary>
    private static string Member(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        var text = "";
        if (!Enters(ref json, JsonTokenType.StartObject)) return text;
        while (HasMember(ref json))
        {
            if (Is(ref json, name)) text = Text(ref json);
            else json.Skip();
        }
        return text;
    }

    /// <summary>Whether the object goes on with a member, at whose name the reader is then.</summary>
    private static bool HasMember(ref Utf8JsonReader json) => json.Read() && json.TokenType != JsonTokenType.EndObject;

    /// <summary>Whether the member has that name; the reader is at its value then.</summary>
    private static bool Is(ref Utf8JsonReader json, ReadOnlySpan<byte> name) => json.ValueTextEquals(name) && json.Read();

    private static bool Enters(ref Utf8JsonReader json, JsonTokenType start)
    {
        if (json.TokenType == JsonTokenType.Null) return false;
        Require(ref json, start);
        return true;
    }

    private static void Require(ref Utf8JsonReader json, JsonTokenType type)
    {
        if (json.TokenType != type) throw new JsonException();
    }

    private static string Text(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.Null => "",
        JsonTokenType.String when json.ValueSpan.Length <= LongestText => json.GetString()!,
        _ => throw new JsonException(),
    };
}

/// <summary>Some of the pods that were asked for.</summary>
/// <param name="Addresses">The addresses of those that are alive.</param>
/// <param name="Next">What leads to the next page; empty where this is the last one.</param>
internal sealed record PodPage(IReadOnlyList<IPAddress> Addresses, string Next);
