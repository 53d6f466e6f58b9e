namespace MessageRouter.Testing.Expectations;

/// <summary>Which of an output's messages an expectation is about.</summary>
internal enum Part
{
    /// <summary>All of them: these and no others.</summary>
    Messages,

    /// <summary>So many of the first.</summary>
    First,

    /// <summary>So many of the last.</summary>
    Last,

    /// <summary>These are among them.</summary>
    Contains,
}
