using System.Text;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Cluster.Streams;

/// <summary>
/// Has both ends of a link say in the handshake which stream it is for: where a reload gives a port to another stream there are nodes that have not heard of it yet. Each end refuses the other by itself, so that
/// nothing is given to who would refuse it.
/// </summary>
/// <remarks>Who says none is let in: builds that do not say it can be members of the same cluster.</remarks>
internal static class StreamMark
{
    private const string Property = "X-MessageRouter-Stream";

    /// <summary>What one end says.</summary>
    public static KeyValuePair<string, byte[]> Of(string stream) => new(Property, Encoding.ASCII.GetBytes(stream));

    /// <summary>The settings of a socket that feeds a stream.</summary>
    public static PeerSettings Feeding(string stream, PeerSettings settings) => settings with { Metadata = [.. settings.Metadata, Of(stream)], Inspect = InspectTaker(stream) };

    /// <summary>Looks at who feeds a stream.</summary>
    public static Action<PeerMetadata> InspectFeeder(string stream) => Inspect(stream, other => $"It feeds the stream {other}, and this input takes {stream}.");

    /// <summary>Looks at who takes a stream.</summary>
    private static Action<PeerMetadata> InspectTaker(string stream) => Inspect(stream, other => $"It takes the stream {other}, and this output feeds {stream}.");

    private static Action<PeerMetadata> Inspect(string stream, Func<string, string> problem) => peer =>
    {
        if (peer[Property] is { } said && Encoding.ASCII.GetString(said) is var other && other != stream) throw new ZmtpException(problem(SafeText.Of(other)), Refusals.Stream);
    };
}
