namespace MessageRouter.Cli.Controlling.ClusterReloads;

/// <summary>What a node is after a reload that not all could do.</summary>
internal enum MemberStanding
{
    /// <summary>What the files say now.</summary>
    New,

    /// <summary>What it was, after it had been what the files say.</summary>
    WentBack,

    /// <summary>What it was all the time.</summary>
    AsBefore,

    /// <summary>What the files say, since it could not go back.</summary>
    NotBack,

    /// <summary>It does not answer.</summary>
    Unknown,
}
