namespace MessageRouter.Links;

/// <summary>What a component has exchanged with components of other nodes that tell each other what was lost. It outlives the component's instances.</summary>
internal sealed class ComponentLinks(LinkEnd end, TimeProvider clock)
{
    /// <summary>What the component says of itself to its peers.</summary>
    public LinkEnd End => end;

    /// <summary>Who has sent to it; null where it has never asked.</summary>
    public Upstream? Upstream { get; private set; }

    /// <summary>To whom it has sent; null where it has never told.</summary>
    public Downstream? Downstream { get; private set; }

    public Upstream Receive() => Upstream ??= new Upstream();

    public Downstream Send() => Downstream ??= new Downstream(clock);
}
