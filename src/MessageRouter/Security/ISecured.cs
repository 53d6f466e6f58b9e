namespace MessageRouter.Security;

/// <summary>Implemented by options of components whose sockets can prove who they are.</summary>
internal interface ISecured
{
    CurveOptions? Curve { get; }

    PlainOptions? Plain { get; }

    /// <summary>What the names in these lead to; null where there is neither.</summary>
    EndpointSecurity? Security { get; }

    /// <summary>The key because of which other than the router's own engine does the work; null where that does it.</summary>
    string? OtherEngine { get; }

    /// <summary>The endpoints at which somebody on the way can read along. Only for options that were found valid.</summary>
    IEnumerable<string> ReadableLinks { get; }

    /// <summary>The same options with what the names lead to.</summary>
    object With(EndpointSecurity security);
}
