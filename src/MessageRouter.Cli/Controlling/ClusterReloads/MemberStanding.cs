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

    /// <summary>Neither: it has failed, and something of it that had to end first could not be started again.</summary>
    Broken,

    /// <summary>It does not answer, or what it is now is another thing than either.</summary>
    Unknown,
}
