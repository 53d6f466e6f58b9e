using Akka.Actor;
using Akka.Cluster;
using Akka.DistributedData;
using MessageRouter.Cluster.State;
using MessageRouter.Clustering;

namespace MessageRouter.Cluster.Membership;

/// <summary>
/// Reads and writes shared values, on the node that decides. What is told is what more than half of the nodes have: of a value that this node has not had them say so of, because a write of it has failed or another node
/// has decided before, it has them do that first.
/// </summary>
/// <param name="values">All that there are.</param>
/// <param name="replicator">Tells the other nodes.</param>
/// <param name="self">This node.</param>
internal sealed class ValueDesk(Agreements<SharedValue> values, IActorRef replicator, UniqueAddress self)
{
    private static readonly WriteMajority ToMost = new(TimeSpan.FromSeconds(2));

    private static readonly ValueTold NotYet = new(ValueOutcome.NotHere);

    private readonly HashSet<string> _onTheirWay = [];
    private readonly HashSet<string> _known = [];

    /// <summary>This node decides from now on.</summary>
    public void Begin()
    {
        _onTheirWay.Clear();
        _known.Clear();
    }

    /// <returns>Null where the others are asked first.</returns>
    public ValueTold? Read(ReadValue read, IActorRef asks)
    {
        if (_onTheirWay.Contains(read.Key)) return NotYet;
        if (values[read.Key] is not { } value) return new ValueTold(ValueOutcome.Read);
        if (_known.Contains(read.Key)) return Told(value);
        Send(value with { Epoch = AgreementEpoch.After(value.Epoch, self.Uid) }, asks, isRead: true);
        return null;
    }

    /// <inheritdoc cref="Read"/>
    public ValueTold? Write(WriteValue write, IActorRef asks)
    {
        if (_onTheirWay.Contains(write.Key)) return NotYet;
        var known = values[write.Key];
        if ((known?.Epoch ?? 0) != write.Expected) return new ValueTold(ValueOutcome.TooLate);
        if (known is null && values.All.Count >= IClusterState.MostValues) return new ValueTold(ValueOutcome.Full);
        Send(new SharedValue(AgreementEpoch.After(write.Expected, self.Uid), write.Key, write.Value), asks, isRead: false);
        return null;
    }

    /// <summary>The others have it, or not enough of them have said so.</summary>
    public void Take(IUpdateResponse response)
    {
        if (response.Request is not Sent sent) return;
        _onTheirWay.Remove(sent.Value.Name);
        if (!response.IsSuccessful) sent.Asks.Tell(new ValueTold(ValueOutcome.Unknown));
        else
        {
            _known.Add(sent.Value.Name);
            sent.Asks.Tell(sent.IsRead ? Told(sent.Value) : new ValueTold(ValueOutcome.Written, Version: sent.Value.Epoch));
        }
    }

    private void Send(SharedValue value, IActorRef asks, bool isRead)
    {
        _onTheirWay.Add(value.Name);
        _known.Remove(value.Name);
        replicator.Tell(values.Decide(value, self, ToMost, new Sent(value, asks, isRead)));
    }

    private static ValueTold Told(SharedValue value) => new(ValueOutcome.Read, value.Value, value.Epoch);

    /// <summary>A value that is on its way to the others.</summary>
    private sealed record Sent(SharedValue Value, IActorRef Asks, bool IsRead);
}
