using MessageRouter.Zmtp.Security;

namespace MessageRouter.Curve;

/// <summary>
/// One reading of a list, each file by itself: one that cannot be used keeps what it said before, and all else counts. A file that has gone takes its keys along, but for the last one of its folder.
/// </summary>
internal sealed class KeyListReading
{
    private readonly CurveSources _sources;
    private readonly KeyTable? _before;
    private readonly List<KeyDocument> _documents = [];
    private readonly List<string> _problems = [];

    private KeyListReading(CurveSources sources, KeyTable? before) => (_sources, _before) = (sources, before);

    /// <param name="sources">Where the keys are.</param>
    /// <param name="before">What is in force; null at the start, where everything has to be in order.</param>
    /// <exception cref="SecurityFileException">At the start, something is not.</exception>
    public static FileReading<KeyTable> Of(CurveSources sources, KeyTable? before)
    {
        var reading = new KeyListReading(sources, before);
        reading._documents.AddRange(sources.Keys.Select(line => new KeyDocument(line, line, KeyListReader.Key(line) is { } entry ? [entry] : [])));
        foreach (var file in sources.Files) reading.Read(file, file, KeyListReader.File);
        foreach (var folder in sources.Folders) reading.ReadFolder(folder);
        return new FileReading<KeyTable>(reading.Together(), reading._problems);
    }

    private void ReadFolder(string folder)
    {
        var others = _documents.Count;
        try
        {
            foreach (var file in KeyListReader.Certificates(folder)) Read(folder, file, KeyListReader.Certificate);
            if (_documents.Count == others)
                throw Empty(folder);
        }
        catch (SecurityFileException exception) when (_before is not null)
        {
            _problems.Add(exception.Message);
            _documents.AddRange(_before.From(folder));
        }
    }

    /// <remarks>A folder that has become empty is more often a mistake, as of who copies it anew, than meant: the last certificate counts until another one is there.</remarks>
    private SecurityFileException Empty(string folder) => _before is null
        ? new(folder, "has no public certificate, so nobody could connect", "copy one there, as in `cp alice.key` beside its owner's `alice.key_secret`, or write allow = any")
        : new(folder, "has no public certificate any more, and the last ones that it had may still connect", "to cut them off, put another certificate there, perhaps of keys that nobody has");

    private void Read(string source, string path, Func<string, IReadOnlyList<KeyEntry>> read)
    {
        try
        {
            var entries = read(path);
            if (entries.FirstOrDefault(entry => _sources.Identities.Any(identity => identity.IsSecret(entry.Key))) is { } secret)
                throw new SecurityFileException(path, "has a secret key of this node, where only public ones belong", ICurveIdentity.CureOfSecret, secret.Line);
            _documents.Add(new KeyDocument(path, source, entries));
        }
        catch (SecurityFileException exception) when (_before is not null)
        {
            // It was there when the folder was looked at. A link to nothing still is.
            if (source != path && exception.IsAbsent && !File.Exists(path)) return;
            _problems.Add(exception.Message);
            if (_before.Of(source, path) is { } kept) _documents.Add(kept);
        }
    }

    /// <summary>What has been said before goes first: it is the new one of two that contradict each other that does not count.</summary>
    private KeyTable Together()
    {
        var table = new KeyTable();
        foreach (var document in _documents.OrderBy(document => _before?.Has(document) == true ? 0 : 1))
        {
            if (!TryAdd(table, document) && _before!.Of(document.Source, document.Path) is { } kept) TryAdd(table, kept);
        }
        return table;
    }

    private bool TryAdd(KeyTable table, KeyDocument document)
    {
        try
        {
            table.Add(document);
            return true;
        }
        catch (SecurityFileException exception) when (_before is not null)
        {
            _problems.Add(exception.Message);
            return false;
        }
    }
}
