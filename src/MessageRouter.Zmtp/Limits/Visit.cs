namespace MessageRouter.Zmtp.Limits;

/// <summary>A connection that was let in, as long as it is there. Changed by its <see cref="Admission"/> alone.</summary>
internal sealed class Visit(Caller caller)
{
    /// <summary>Where it comes from.</summary>
    public Caller Caller => caller;

    /// <summary>Has it go.</summary>
    public Action<string, string>? End { get; set; }

    /// <summary>Its place among those that have not introduced themselves; null where it has.</summary>
    public LinkedListNode<Visit>? Stranger { get; set; }
}

/// <summary>Who comes from one address. Changed by its <see cref="Admission"/> alone.</summary>
internal sealed class Caller
{
    public int Connections { get; set; }

    /// <summary>Those of them that have not introduced themselves.</summary>
    public int Strangers { get; set; }

    /// <summary>How many more may come now.</summary>
    public double Allowance { get; set; }

    /// <summary>The clock's timestamp of when that was so.</summary>
    public long At { get; set; }
}
