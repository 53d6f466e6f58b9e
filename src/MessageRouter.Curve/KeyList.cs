using MessageRouter.Zmtp.Security;

namespace MessageRouter.Curve;

/// <summary>A list of keys, from lines, files and folders together, which can become another one.</summary>
internal sealed class KeyList : CurvePeers, ICurveList
{
    private readonly Lock _lock = new();
    private volatile WatchedFiles<KeyTable> _files;
    private bool _isWatched;

    /// <exception cref="SecurityFileException">A file or a key cannot be used.</exception>
    public KeyList(CurveSources sources, TimeProvider clock)
    {
        _files = new WatchedFiles<KeyTable>([.. sources.Files, .. sources.Folders], before => KeyListReading.Of(sources, before), clock);
        Listen();
    }

    public override int Count => _files.Current.Count;

    public override IReadOnlyList<string> Problems => _files.Problems;

    public AllowedPeers Peers => this;

    public void Become(ICurveList next)
    {
        KeyTable before;
        lock (_lock)
        {
            before = _files.Current;
            if (_isWatched) _files.Leave();
            Silence();
            _files = ((KeyList)next).Release();
            Listen();
            if (_isWatched) _files.Watch();
        }
        TellEdited(_files.Current.ChangeSince(before));
    }

    internal override void Use(TimeProvider clock) => _files.Clock = clock;

    internal override PeerIdentity? Find(ReadOnlySpan<byte> publicKey) => Known(publicKey) ?? _files.Latest().Find(publicKey);

    internal override PeerIdentity? Known(ReadOnlySpan<byte> publicKey) => _files.Current.Find(publicKey);

    private protected override void Watch()
    {
        lock (_lock)
        {
            _isWatched = true;
            _files.Watch();
        }
    }

    private protected override void Leave()
    {
        lock (_lock)
        {
            _isWatched = false;
            _files.Leave();
        }
    }

    private WatchedFiles<KeyTable> Release()
    {
        Silence();
        return _files;
    }

    private void Listen()
    {
        _files.Changed += TellChangeSince;
        _files.ProblemsChanged += TellChanged;
    }

    private void Silence()
    {
        _files.Changed -= TellChangeSince;
        _files.ProblemsChanged -= TellChanged;
    }

    private void TellChangeSince(KeyTable before) => TellEdited(_files.Current.ChangeSince(before));
}
