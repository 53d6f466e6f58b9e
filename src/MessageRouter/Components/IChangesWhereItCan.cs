namespace MessageRouter.Components;

/// <summary>Implemented by options of which it depends on more than the changed keys whether their component can take others while it works.</summary>
internal interface IChangesWhereItCan
{
    /// <param name="next">The other options, of the same class.</param>
    bool CanBecome(object next);
}
