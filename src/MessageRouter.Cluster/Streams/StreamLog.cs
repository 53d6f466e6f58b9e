using MessageRouter.Distribution;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Cluster.Streams;

/// <summary>Says when a stream gets its first taker and loses its last, and who takes it otherwise than it is fed.</summary>
internal sealed partial class StreamLog(ILogger logger, string stream)
{
    private int _members;
    private string _mismatched = "";

    public void Members(int count)
    {
        if (count > 0 != _members > 0)
        {
            if (count > 0) Taken(logger, stream);
            else NotTaken(logger, stream);
        }
        _members = count;
    }

    public void Mismatched(IReadOnlyList<string> nodes, DeliveryMode delivery)
    {
        var text = string.Join(", ", nodes);
        if (text.Length > 0 && text != _mismatched) Mismatched(logger, stream, delivery == DeliveryMode.AtLeastOnce ? "at-least-once" : "at-most-once", text);
        _mismatched = text;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The stream {Stream} is taken by a node.")]
    private static partial void Taken(ILogger logger, string stream);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No node takes the stream {Stream} any more; messages wait for one.")]
    private static partial void NotTaken(ILogger logger, string stream);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stream {Stream} is fed here with delivery = {Delivery}, and taken otherwise by {Nodes}, which get nothing; let both say the same.")]
    private static partial void Mismatched(ILogger logger, string stream, string delivery, string nodes);
}
