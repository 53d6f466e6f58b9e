using System.Diagnostics.CodeAnalysis;

namespace MessageRouter.Pools;

/// <summary>How a pool of copies of a filter divides its messages among them.</summary>
public sealed class PoolRoute
{
    private readonly string _text;

    private PoolRoute(string text, MessageKey? key = null)
    {
        _text = text;
        Key = key;
    }

    /// <summary>Even shares, in turn; a copy without room is passed over as long as another one has some. The default.</summary>
    public static PoolRoute RoundRobin { get; } = new("round-robin");

    /// <summary>To the copy that has the fewest messages queued and in work.</summary>
    public static PoolRoute LeastBusy { get; } = new("least-busy");

    /// <summary>
    /// Messages with the same value in a field always go to the same copy, so that they stay in order. The values are
    /// compared as text; messages without the field are together too.
    /// </summary>
    /// <param name="field">The field's path, as in <see cref="Message.Field(string)"/>; or who sent it, as in <c>peer.identity</c>.</param>
    /// <exception cref="FormatException">The path is malformed.</exception>
    public static PoolRoute Hash(string field) => new($"hash({field})", MessageKey.Parse(field));

    /// <summary>As the configuration has it.</summary>
    public override string ToString() => _text;

    /// <summary>What decides; null where nothing of the message does.</summary>
    internal MessageKey? Key { get; }

    internal static bool TryParse(string text, [NotNullWhen(true)] out PoolRoute? route, [NotNullWhen(false)] out string? problem)
    {
        route = text == RoundRobin._text ? RoundRobin : text == LeastBusy._text ? LeastBusy : null;
        problem = null;
        if (route is not null) return true;
        if (!MessageKey.TryParseHash(text, out var key, out problem)) problem = "must be round-robin, least-busy or hash(FIELD)";
        if (problem is not null) return false;
        route = new PoolRoute(text, key);
        return true;
    }

    internal Division Division() =>
        Key is not null ? new HashDivision(Key)
        : this == LeastBusy ? new LeastBusyDivision()
        : new RoundRobinDivision();
}
