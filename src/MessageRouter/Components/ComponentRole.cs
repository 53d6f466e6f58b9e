namespace MessageRouter.Components;

/// <summary>The three roles that a component of a node can have.</summary>
public enum ComponentRole
{
    /// <summary>Takes messages in from outside the node.</summary>
    Input,

    /// <summary>Changes messages or decides which of them go on.</summary>
    Filter,

    /// <summary>Hands messages to the outside of the node.</summary>
    Output,
}

internal static class ComponentRoles
{
    /// <summary>The block of the configuration, the folder in actor paths, and the first half of a component's full name.</summary>
    public static string Section(this ComponentRole role) => role switch
    {
        ComponentRole.Input => "inputs",
        ComponentRole.Filter => "filters",
        _ => "outputs",
    };

    public static string Word(this ComponentRole role) => role.ToString().ToLowerInvariant();
}
