namespace MessageRouter.Zmtp.Security;

/// <summary>What the package MessageRouter.Curve does for a node, which finds it by its name and knows no more of it.</summary>
internal interface ICurvePackage
{
    /// <summary>Reads a pair of keys.</summary>
    /// <exception cref="SecurityFileException">The file cannot be used.</exception>
    ICurveIdentity Identity(string path);

    /// <summary>The public key that a text is, or that stands in the file that it names.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="path">The same as a path.</param>
    /// <exception cref="SecurityFileException">It is neither.</exception>
    string PublicKey(string text, string path);

    /// <summary>Who may connect.</summary>
    /// <param name="sources">Where their keys are.</param>
    /// <exception cref="SecurityFileException">A file or a key cannot be used.</exception>
    ICurveList List(CurveSources sources);

    /// <summary>What a socket does.</summary>
    /// <param name="identity">Whose keys it has.</param>
    /// <param name="allow">Who may connect; null where it is no server, none for everybody.</param>
    /// <param name="serverKey">The key of the server; null where it is no client.</param>
    /// <param name="authenticator">Asked beside the lists; null for nobody.</param>
    ZmtpSecurity Secure(ICurveIdentity identity, IReadOnlyList<ICurveList>? allow, string? serverKey, IPeerAuthenticator? authenticator);
}

/// <summary>A pair of keys.</summary>
internal interface ICurveIdentity
{
    string PublicKey { get; }

    /// <summary>What to do where the secret key stands in place of the public one.</summary>
    const string CureOfSecret = "write the public one, which `message-router keys show` prints; and make new keys, since this one is no secret any more";

    /// <summary>Whether a text has its secret key in it, or is most of it, which somebody may have put where a public one belongs.</summary>
    bool IsSecret(string text);
}

/// <summary>A list of those who may connect, which can become another one.</summary>
internal interface ICurveList
{
    AllowedPeers Peers { get; }

    /// <summary>Has it be what other sources say, for everybody who has it.</summary>
    void Become(ICurveList next);
}

/// <summary>Where the keys of a list are; at least one.</summary>
/// <param name="Keys">The keys themselves, each with a name behind it or without.</param>
/// <param name="Files">Files with a key a line, or certificates.</param>
/// <param name="Folders">Folders of certificates.</param>
internal sealed record CurveSources(IReadOnlyList<string> Keys, IReadOnlyList<string> Files, IReadOnlyList<string> Folders)
{
    /// <summary>Of the node that reads them: nobody's public key is a secret one of these.</summary>
    public IReadOnlyList<ICurveIdentity> Identities { get; init; } = [];

    public bool Equals(CurveSources? other) => other is not null && Keys.SequenceEqual(other.Keys) && Files.SequenceEqual(other.Files) && Folders.SequenceEqual(other.Folders);

    public override int GetHashCode() => HashCode.Combine(Keys.Count, Files.Count, Folders.Count);
}
