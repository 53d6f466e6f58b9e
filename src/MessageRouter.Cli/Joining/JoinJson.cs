using System.Text.Json;
using System.Text.Json.Serialization;
using MessageRouter.Ledger;

namespace MessageRouter.Cli.Joining;

/// <summary>Joined ledgers for programs.</summary>
internal static class JoinJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <param name="join">The ledgers.</param>
    /// <param name="away">Nodes that have not answered; null where they were not asked.</param>
    public static string Write(LedgerJoin join, IReadOnlyList<string>? away = null) => JsonSerializer.Serialize(
        new
        {
            join.AddsUp,
            Complete = join.IsComplete && away is not { Count: > 0 },
            Away = away,
            Ledgers = join.Ledgers.Select(ledger => new
            {
                ledger.Node,
                ledger.Epoch,
                Problems = join.NodeProblems.Where(pair => pair.Ledger == ledger).Select(pair => pair.Problem),
            }),
            Links = join.Links.Select(link => new
            {
                link.From,
                link.To,
                link.Account,
                link.Sent,
                link.Received,
                link.LostInTransit,
                link.LostAtTheEnd,
                link.UnderWay,
                WentToOthers = link.IsAnswered ? link.WentToOthers : null,
                link.Sender?.Queued,
                link.Dropped,
                link.BeforeSubscribe,
                SenderState = link.Sender?.State,
                ReceiverState = link.Receiver?.State,
                link.Unknown,
                link.Problems,
            }),
        },
        Options) + "\n";
}
