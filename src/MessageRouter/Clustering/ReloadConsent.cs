namespace MessageRouter.Clustering;

/// <summary>What a node lets others have it do.</summary>
internal static class ReloadConsent
{
    /// <param name="node">The node.</param>
    /// <param name="control">What it lets others do.</param>
    /// <param name="request">What one of them asks.</param>
    /// <returns>Why it does not; null where it does.</returns>
    public static string? Problem(string node, ClusterControl control, MemberReloadRequest request) =>
        request.Files is not null && control != ClusterControl.Configure ? $"{node} takes no configuration from others: its `router.cluster.control` is `{Word(control)}`, not `{Word(ClusterControl.Configure)}`"
        : control == ClusterControl.None ? $"{node} does not let others have it reload: its `router.cluster.control` is `{Word(control)}`"
        : null;

    private static string Word(ClusterControl control) => Configuration.Binding.OptionKey.Kebab(control.ToString());
}
