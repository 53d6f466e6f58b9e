namespace MessageRouter.Components;

/// <summary>A plug-in assembly's way to register components: a public class of this kind with a public constructor without parameters.</summary>
public interface IPlugin
{
    /// <summary>Adds the plug-in's components.</summary>
    void Register(ComponentRegistry registry);
}
