using System.Net;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Zmtp.Limits;

/// <summary>A connection that was closed straight after it was accepted. What is said of it is put together only where somebody says it.</summary>
/// <param name="Address">From where it came; null for a Unix domain socket.</param>
/// <param name="Endpoint">Where it came to.</param>
/// <param name="Refusal">Why, one of <see cref="Refusals"/>.</param>
/// <param name="Limits">The limits in force.</param>
internal readonly record struct TurnedAway(IPAddress? Address, string Endpoint, string Refusal, ZmtpLimits Limits)
{
    /// <summary>Who it was.</summary>
    public string Peer => Address?.ToString() ?? Endpoint;

    /// <summary>Why, as a sentence.</summary>
    public string Reason => Refusal switch
    {
        Refusals.Address => "Connections are not taken from its address (limits.allow-from, limits.deny-from).",
        Refusals.Connections => $"There were {Limits.Connections} connections already (limits.connections).",
        Refusals.ConnectionsPerAddress => $"There were {Limits.ConnectionsPerAddress} connections from its address already (limits.connections-per-address).",
        Refusals.ConnectionsPerSecond => $"More than {Limits.ConnectionsPerSecond} connections a second came from its address (limits.connections-per-second).",
        _ => "It had gone already.",
    };
}
