namespace MessageRouter.Links;

/// <summary>Reasons, beside those of the ledger, for which a message was not sent to one receiver.</summary>
internal static class LossReasons
{
    /// <summary>It was published while a subscriber was away that had subscribed to it when it was here.</summary>
    public const string Away = "away";
}
