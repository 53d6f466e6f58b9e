using MessageRouter.Ledger;

namespace MessageRouter.Distribution;

/// <summary>What has become of the messages of one worker, or of several together.</summary>
internal sealed class WorkerCounts
{
    /// <summary>Given to it.</summary>
    public Counter In { get; } = new();

    /// <summary>Written to its connection; at-least-once: done with.</summary>
    public Counter Out { get; } = new();

    /// <summary>It said that it failed on them, or its lease was over.</summary>
    public Counter Failed { get; } = new();

    /// <summary>Given to it although another had had them.</summary>
    public Counter Redelivered { get; } = new();

    /// <summary>Written to its connection, which ended before its machine confirmed them.</summary>
    public Counter Unknown { get; } = new();

    /// <summary>Of a publisher's subscriber: not given to it, since it had as many as it may.</summary>
    public Counter Missed { get; } = new();

    public void Add(WorkerCounts other)
    {
        In.Add(other.In.Value);
        Out.Add(other.Out.Value);
        Failed.Add(other.Failed.Value);
        Redelivered.Add(other.Redelivered.Value);
        Unknown.Add(other.Unknown.Value);
        Missed.Add(other.Missed.Value);
    }

    /// <param name="name">The worker's name.</param>
    /// <param name="state">What it is at.</param>
    /// <param name="load">Messages that it has.</param>
    /// <param name="rate">Messages a second that it deals with.</param>
    /// <param name="answers">Whether workers answer for what they are given.</param>
    public WorkerLine Line(string name, string state, int load, double rate, bool answers)
    {
        var line = new WorkerLine(name, state, In.Value, Out.Value, load, rate);
        return answers
            ? line with { Failed = Failed.Value, Unanswered = load, Redelivered = Redelivered.Value }
            : line with { Unknown = Unknown.Value, Missed = Missed.Value is > 0 and var missed ? missed : null };
    }
}
