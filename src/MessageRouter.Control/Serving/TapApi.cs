using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using MessageRouter.Configuration;
using MessageRouter.Monitoring.Taps;
using MessageRouter.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Control.Serving;

/// <summary>Live messages: <c>/v1/tap</c>.</summary>
internal sealed class TapApi(RouterNode node, EventStream streams, TimeProvider clock, ILogger logger)
{
    /// <summary>Taps at a time.</summary>
    public const int MostTaps = 16;

    /// <summary>Messages a second that are shown, and that a condition is tried on, at most.</summary>
    private const int Shown = 1000;

    private const int Judged = 10_000;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private int _open;

    public IResult Tap(HttpContext context, string[]? component, string[]? side, string? where)
    {
        if (Components(component, out var isMeant) is { } unknown) return unknown;
        if (Sides(side, out var sides) is { } wrong) return wrong;
        TapCondition? condition = null;
        if (!string.IsNullOrWhiteSpace(where))
        {
            if (TapCondition.IsCode(where) && !ControlAccess.IsGranted(context))
                return Problem.Of(StatusCodes.Status403Forbidden, "C# in `where` may do anything that the node may, so it needs the token of `control.http.token-file`; `field=value` does not.");
            condition = TapCondition.Read(where, out var problem);
            if (condition is null) return Problem.Of(StatusCodes.Status400BadRequest, problem!);
        }
        if (condition is not null && TapRun.AreTooManyStuck)
            return Problem.Of(StatusCodes.Status409Conflict, "Conditions of earlier taps never came back and still hold their threads; no other is run before the node is started again.");
        if (Interlocked.Increment(ref _open) > MostTaps)
        {
            Interlocked.Decrement(ref _open);
            return Problem.Of(StatusCodes.Status409Conflict, $"There are {MostTaps} taps already; end one of them first.");
        }
        return streams.Of(context, Events(isMeant, sides, condition, context.RequestAborted));
    }

    private async IAsyncEnumerable<SseItem<string>> Events(Func<string, bool> isMeant, TapSide sides, TapCondition? condition, [EnumeratorCancellation] CancellationToken cancellation)
    {
        TapRun? run = null;
        using var tap = new MessageTap(node.Topology, isMeant, sides, condition is null ? Shown : Judged, clock);
        try
        {
            if (condition is not null) run = new TapRun(tap, condition, logger);
            var messages = run?.Messages ?? tap.Messages;

            // At once, so that the caller knows that the tap is on.
            yield return Event("left-out", new LeftOut(0));
            var beat = Task.Delay(Beat, TimeProvider.System, cancellation);
            while (true)
            {
                var some = messages.WaitToReadAsync(cancellation).AsTask();
                while (await Task.WhenAny(some, beat) == beat)
                {
                    cancellation.ThrowIfCancellationRequested();
                    yield return Event("left-out", new LeftOut(tap.TakeLeftOut()));
                    if (run?.TakeThrown() is { Count: > 0 } thrown) yield return Event("where-failed", new WhereFailed(thrown.Count, thrown.Problem));
                    if (run is { IsStuck: true })
                    {
                        yield return Event("end", new StreamEnd("The condition does not come back from a message."));
                        yield break;
                    }
                    beat = Task.Delay(Beat, TimeProvider.System, cancellation);
                }
                if (!await some) yield break;
                while (messages.TryRead(out var message))
                {
                    if (run is null) tap.Read(message);
                    yield return Event("message", Shape(message));
                    if (beat.IsCompleted) break;
                }
            }
        }
        finally
        {
            run?.End();
            Interlocked.Decrement(ref _open);
        }
    }

    private static SseItem<string> Event(string type, object data) => new(ControlJson.Write(data), type);

    private static ShownMessage Shape(TappedMessage message)
    {
        var isText = Utf8.IsValid(message.Payload) || (message.IsCut && TryText(message.Payload));
        return new ShownMessage(
            message.Time, message.Component, message.Side.ToString().ToLowerInvariant(), string.IsNullOrEmpty(message.Peer) ? null : message.Peer, message.Why,
            isText ? Encoding.UTF8.GetString(message.Payload) : null, isText ? null : Convert.ToBase64String(message.Payload), message.Length, message.IsCut ? true : null,
            message.Frames.Count == 0 ? null : [.. message.Frames.Select(Convert.ToBase64String)]);
    }

    /// <summary>Whether it is text but for a character that the cut went through.</summary>
    private static bool TryText(byte[] cut) => Enumerable.Range(1, 3).Any(less => cut.Length >= less && Utf8.IsValid(cut.AsSpan()[..^less]));

    private IResult? Components(string[]? names, out Func<string, bool> isMeant)
    {
        isMeant = _ => true;
        if (names is not { Length: > 0 }) return Problem.Of(StatusCodes.Status400BadRequest, "Name a component: ?component=filters.errors-only, or `*` for all.");
        var known = node.Topology.All.Select(cell => cell.Name).ToList();
        if (names.Contains("*")) return null;
        var found = new HashSet<string>();
        foreach (var name in names)
        {
            if (known.FirstOrDefault(full => full == name || full[(full.IndexOf('.') + 1)..] == name) is { } match)
            {
                found.Add(match);
                continue;
            }
            var hint = Suggestion.For(name, [.. known, .. known.Select(full => full[(full.IndexOf('.') + 1)..])]) is { } near ? $"did you mean `{near}`?" : $"There are {string.Join(", ", known.Take(20))}.";
            return Problem.Of(StatusCodes.Status404NotFound, $"The node has no component `{(name.Length > 100 ? name[..100] : name)}`; {hint}");
        }
        isMeant = found.Contains;
        return null;
    }

    private static IResult? Sides(string[]? names, out TapSide sides)
    {
        sides = 0;
        foreach (var name in names ?? [])
        {
            if (!Enum.TryParse<TapSide>(name, ignoreCase: true, out var side) || !Enum.IsDefined(side) || char.IsDigit(name[0]))
                return Problem.Of(StatusCodes.Status400BadRequest, $"There is no side `{(name.Length > 100 ? name[..100] : name)}`: in, out, dropped, failed.");
            sides |= side;
        }
        if (sides == 0) sides = TapSide.In;
        return null;
    }
}
