namespace MessageRouter.Scripting;

/// <summary>What a filter's C# is compiled to.</summary>
public interface IFilterScript
{
    /// <summary>Looks at one message.</summary>
    /// <returns>What goes on; null where nothing does.</returns>
    Message? Filter(Message message);
}
