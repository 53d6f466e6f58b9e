using System.Text;
using System.Text.Unicode;
using MessageRouter.Configuration.Secrets;
using MessageRouter.Ledger;
using MessageRouter.Monitoring.Taps;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Components;

/// <summary>Why a message is in the error chain.</summary>
internal enum ErrorKind
{
    /// <summary>An input's codec could not read it.</summary>
    Undecodable,

    /// <summary>An output's codec could not write it.</summary>
    Unencodable,

    /// <summary>A component threw on it.</summary>
    Failed,
}

/// <summary>
/// Turns messages that failed into error events for the output of <c>router.errors</c>. An error of that output itself
/// is counted and logged but makes no event, so the chain cannot loop.
/// </summary>
/// <param name="clock">Dates the events.</param>
/// <param name="perSecond">Events that are let through in a second, and at most in one burst; 0 for all. The rest is counted.</param>
internal sealed class ErrorChain(TimeProvider clock, int perSecond)
{
    private readonly Lock _lock = new();
    private double _tokens = perSecond;

    /// <summary>Events that are let through in a second; a reload may change it.</summary>
    public int PerSecond { get; set; } = perSecond;

    private long _refilled = clock.GetTimestamp();

    /// <summary>Reports one message. The component has counted it already.</summary>
    /// <param name="cell">The component.</param>
    /// <param name="kind">What it could not do.</param>
    /// <param name="message">The message as it came to the component.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="exception">What the component threw.</param>
    /// <param name="attempts">How often the component tried.</param>
    public void Report(ComponentCell cell, ErrorKind kind, Message message, string? problem, Exception? exception = null, int attempts = 1)
    {
        problem = (problem ?? exception?.Message) is { } told ? KnownSecrets.Hide(told) : null;
        cell.LastError = problem;
        cell.RecentErrors.Add(message, problem ?? kind.ToString());
        if (cell.Counts.Tap.IsWatched) cell.Counts.Tap.Saw(TapSide.Failed, MessageBatch.Of(message), why: problem);
        if (cell.ErrorEdge is not { } edge)
        {
            ComponentLog.ErrorOutputFailed(cell.Logger, problem ?? kind.ToString());
            return;
        }
        if (!TryTake())
        {
            edge.Refuse(DropReasons.RateLimited, 1);
            return;
        }
        edge.Send(MessageBatch.Of(Message.FromBody(Describe(cell, kind, message, problem, exception, attempts)).Written()));
    }

    private JObject Describe(ComponentCell cell, ErrorKind kind, Message message, string? problem, Exception? exception, int attempts)
    {
        var description = new JObject
        {
            ["time"] = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
            ["component"] = cell.Definition.FullName,
            ["kind"] = kind.ToString().ToLowerInvariant(),
            ["error"] = problem,
            ["attempts"] = attempts,
        };
        if (cell.Definition.Origin is { } origin) description["config"] = $"{origin.Source.Name}:{origin.Line}:{origin.Column}";
        if (message.Peer is { } peer) description["peer"] = Describe(peer);
        if (exception is not null) description["exception"] = KnownSecrets.Hide(exception.ToString());

        ReadOnlyMemory<byte> payload;
        try
        {
            payload = message.Payload;
        }
        catch (Exception unwritable)
        {
            description["payload_error"] = unwritable.Message;
            return description;
        }
        if (Utf8.IsValid(payload.Span)) description["payload"] = Encoding.UTF8.GetString(payload.Span);
        else description["payload_base64"] = Convert.ToBase64String(payload.Span);
        if (message.LeadingFrames.Count > 0)
            description["frames_base64"] = new JArray(message.LeadingFrames.Select(frame => Convert.ToBase64String(frame.Span)));
        return description;
    }

    /// <summary>What is known of who sent the message.</summary>
    private static JObject Describe(MessagePeer peer)
    {
        var description = new JObject();
        if (peer.Address is { } address) description["address"] = address;
        if (peer.Identity is { } identity) description["identity"] = identity;
        if (peer.RoutingId is { } routingId) description["routing_id"] = routingId;
        return description;
    }

    private bool TryTake()
    {
        if (PerSecond == 0) return true;
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            _tokens = Math.Min(PerSecond, _tokens + (clock.GetElapsedTime(_refilled, now).TotalSeconds * PerSecond));
            _refilled = now;
            if (_tokens < 1) return false;
            _tokens--;
            return true;
        }
    }
}
