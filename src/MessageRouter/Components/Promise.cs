namespace MessageRouter.Components;

/// <summary>What is promised to a message on its way, the weakest first.</summary>
internal enum Promise
{
    /// <summary>It may be lost while all is well, where somebody is slow or away.</summary>
    Lossy,

    /// <summary>It is lost only where a process or a connection ends.</summary>
    AtMostOnce,

    /// <summary>It is given again until somebody has dealt with it.</summary>
    AtLeastOnce,
}

/// <summary>Options of a component that receives or sends, which say what it promises. Others promise to lose nothing but what the process has when it ends.</summary>
internal interface IPromises
{
    Promise Promise { get; }

    /// <summary>Why it is no more, as a phrase.</summary>
    string Reason { get; }
}

internal static class Promises
{
    public static string Word(this Promise promise) => promise switch
    {
        Promise.Lossy => "lossy",
        Promise.AtMostOnce => "at-most-once",
        _ => "at-least-once",
    };
}
