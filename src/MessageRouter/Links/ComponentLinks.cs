using MessageRouter.Ledger;

namespace MessageRouter.Links;

/// <summary>What a component has exchanged with components of other nodes that tell each other what was lost, or answer for it. It outlives the component's instances.</summary>
internal sealed class ComponentLinks(LinkEnd end, TimeProvider clock)
{
    private Upstream? _upstream;
    private Downstream? _downstream;
    private AnsweredLinks? _answeredUpstream;
    private AnsweredLinks? _answeredDownstream;

    /// <summary>What the component says of itself to its peers.</summary>
    public LinkEnd End => end;

    /// <summary>Who has sent to it; null where it has never asked.</summary>
    public IReadOnlyList<UpstreamLine>? UpstreamLines => Both(_upstream?.Lines(), _answeredUpstream?.Lines((account, state) => account.Upstream(state)));

    /// <summary>To whom it has sent; null where it has never told.</summary>
    public IReadOnlyList<DownstreamLine>? DownstreamLines => Both(_downstream?.Lines(), _answeredDownstream?.Lines((account, state) => account.Downstream(state)));

    public Upstream Receive() => _upstream ??= new Upstream();

    public Downstream Send() => _downstream ??= new Downstream(clock);

    /// <summary>Of messages that the component answers for.</summary>
    public AnsweredLinks ReceiveAndAnswer() => _answeredUpstream ??= new AnsweredLinks();

    /// <summary>Of messages that are answered for.</summary>
    public AnsweredLinks SendForAnswers() => _answeredDownstream ??= new AnsweredLinks();

    private static IReadOnlyList<T>? Both<T>(IReadOnlyList<T>? first, IReadOnlyList<T>? second) => first is null ? second : second is null ? first : [.. first, .. second];
}
