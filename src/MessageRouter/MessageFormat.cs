namespace MessageRouter;

/// <summary>What the payload of a <see cref="Message"/> is known to be.</summary>
public enum MessageFormat
{
    /// <summary>One JSON document, checked when it came in.</summary>
    Json,

    /// <summary>Text in UTF-8.</summary>
    Text,

    /// <summary>Any bytes.</summary>
    Bytes,
}
