using MessageRouter.Zmtp.Security;

namespace MessageRouter.Curve;

/// <summary>Several lists as one, which can become others.</summary>
internal sealed class PeerGroup(IEnumerable<CurvePeers> parts) : CurvePeers, ICurveList
{
    private readonly Lock _lock = new();
    private volatile IReadOnlyList<CurvePeers> _parts = [.. parts];
    private bool _isWatched;

    public override int Count => _parts.Sum(part => part.Count);

    public override IReadOnlyList<string> Problems => [.. _parts.SelectMany(part => part.Problems)];

    public AllowedPeers Peers => this;

    public void Become(ICurveList next)
    {
        var (before, left) = (Count, _parts);
        lock (_lock)
        {
            _parts = ((PeerGroup)next)._parts;
            if (_isWatched)
            {
                foreach (var part in _parts) Follow(part);
                foreach (var part in left) Ignore(part);
            }
        }

        // Who is still among them nobody has to know here: each connection is asked.
        TellEdited(Math.Max(0, Count - before), Math.Max(1, before - Count));
    }

    internal override void Use(TimeProvider clock)
    {
        foreach (var part in _parts) part.Use(clock);
    }

    internal override PeerIdentity? Find(ReadOnlySpan<byte> publicKey)
    {
        foreach (var part in _parts)
        {
            if (part.Find(publicKey) is { } peer) return peer;
        }
        return null;
    }

    private protected override void Watch()
    {
        lock (_lock)
        {
            _isWatched = true;
            foreach (var part in _parts) Follow(part);
        }
    }

    private protected override void Leave()
    {
        lock (_lock)
        {
            _isWatched = false;
            foreach (var part in _parts) Ignore(part);
        }
    }

    private void Follow(CurvePeers part)
    {
        part.Edited += TellEdited;
        part.Changed += TellChanged;
        part.Removed += LookOn;
    }

    private void Ignore(CurvePeers part)
    {
        part.Removed -= LookOn;
        part.Changed -= TellChanged;
        part.Edited -= TellEdited;
    }

    private void TellChanged(object? sender, EventArgs e) => TellChanged();

    /// <summary>That somebody listens keeps files looked at; what was removed is told with all other changes.</summary>
    private static void LookOn()
    {
    }
}
