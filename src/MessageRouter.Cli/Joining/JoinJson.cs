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

    public static string Write(LedgerJoin join) => JsonSerializer.Serialize(
        new
        {
            join.AddsUp,
            Complete = join.IsComplete,
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
