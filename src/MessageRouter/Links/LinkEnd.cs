using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Links;

/// <summary>One end of a link as it says itself in the handshake: which component of which run of which node it is.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Epoch">A random number of the node's run, as 32 hexadecimal digits.</param>
/// <param name="Component">The component's full name.</param>
internal sealed record LinkEnd(string Node, string Epoch, string Component)
{
    /// <summary>The property of the handshake.</summary>
    public const string Property = "X-MessageRouter-Loss";

    private const string Version = "1";
    private const int EpochDigits = 32;
    private const int LongestName = 255;

    /// <summary>With how many prefixes a SUB socket subscribes on each connection, before which it has not all that it wants.</summary>
    public int Subscriptions { get; init; } = 1;

    /// <summary>The public key that the peer has proven to have: with CURVE nobody is taken for the owner of another's; null where nothing was proven.</summary>
    public string? PublicKey { get; init; }

    /// <summary>A number for a run of a node.</summary>
    public static string NewEpoch() => RandomNumberGenerator.GetHexString(EpochDigits, lowercase: true);

    /// <summary>What is said in the handshake; nothing where a name is too long to be said.</summary>
    public IEnumerable<KeyValuePair<string, byte[]>> Properties()
    {
        if (!IsName(Node) || !IsName(Component)) yield break;
        var subscriptions = Subscriptions == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $";subscriptions={Subscriptions}");
        var text = $"{Version};node={Uri.EscapeDataString(Node)};epoch={Epoch};component={Uri.EscapeDataString(Component)}{subscriptions}";
        yield return new(Property, Encoding.ASCII.GetBytes(text));
    }

    /// <summary>Reads what a peer says, and what it has proven.</summary>
    /// <inheritdoc cref="Of(PeerMetadata)" path="/returns"/>
    public static LinkEnd? Of(IPeer peer) => Of(peer.Metadata) is { } end ? end with { PublicKey = peer.Identity.PublicKey } : null;

    /// <summary>Reads what a peer says.</summary>
    /// <returns>Null where it says nothing, or nothing that this version knows: with such a peer there is no agreement, which is no fault.</returns>
    public static LinkEnd? Of(PeerMetadata metadata)
    {
        if (metadata[Property] is not { } value) return null;
        var parts = Encoding.ASCII.GetString(value).Split(';');
        if (parts[0] != Version) return null;
        string? node = null, epoch = null, component = null;
        var subscriptions = 1;
        foreach (var (name, text) in parts.Skip(1).Select(part => part.Split('=', 2)).Where(pair => pair.Length == 2).Select(pair => (pair[0], pair[1])))
        {
            switch (name)
            {
                case "node":
                    node = Uri.UnescapeDataString(text);
                    break;
                case "epoch":
                    epoch = text;
                    break;
                case "component":
                    component = Uri.UnescapeDataString(text);
                    break;
                case "subscriptions" when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                    subscriptions = number;
                    break;
            }
        }
        return IsName(node) && IsName(component) && IsEpoch(epoch) ? new LinkEnd(node!, epoch!, component!) { Subscriptions = subscriptions } : null;
    }

    /// <summary>Whether it is the same component of another run of the node.</summary>
    public bool IsOtherRunOf(LinkEnd other) => Node == other.Node && Component == other.Component && PublicKey == other.PublicKey && Epoch != other.Epoch;

    public bool Equals(LinkEnd? other) => other is not null && Node == other.Node && Epoch == other.Epoch && Component == other.Component;

    public override int GetHashCode() => HashCode.Combine(Node, Epoch, Component);

    private static bool IsName(string? text) => text is { Length: > 0 and <= LongestName } && !text.Any(char.IsControl);

    private static bool IsEpoch(string? text) => text?.Length == EpochDigits && text.All(char.IsAsciiHexDigitLower);
}
