namespace MessageRouter.Sequences;

/// <summary>What a number is in the sequence of its source, as far as that has come.</summary>
internal enum SequenceStep
{
    /// <summary>The first of its source.</summary>
    First,

    /// <summary>The one after the highest.</summary>
    Next,

    /// <summary>Higher than that: those between are missing.</summary>
    Gap,

    /// <summary>So much higher that a new sequence has begun.</summary>
    Jump,

    /// <summary>One that was missing, or from before the first: it comes out of order.</summary>
    Late,

    /// <summary>One that was there.</summary>
    Duplicate,

    /// <summary>Where sequences begin, or so far back that it is not known whether it was there. The next number tells whether a new sequence has begun.</summary>
    Back,
}
