using MessageRouter.Components;
using MessageRouter.Control;
using MessageRouter.Outputs;
using MessageRouter.Routing;

namespace MessageRouter.Trials;

/// <summary>
/// A node whose inputs and outputs, that of the error chain included, are replaced by doubles of the same names, codecs, mailboxes and supervision: nothing is read, nothing
/// leaves, no process is started and no endpoint opened. Everything between is as it was.
/// </summary>
internal static class Doubles
{
    /// <param name="definition">The node.</param>
    /// <param name="output">Makes the double of an output, also of the error chain's; null for one that keeps what it gets in <see cref="RecordedMessages"/>, as the type <c>test</c> does.</param>
    public static NodeDefinition InPlaceOf(NodeDefinition definition, Func<ComponentDefinition, ComponentDefinition>? output = null)
    {
        output ??= Recording;
        return definition with
        {
            Components = [.. definition.Components.Select(component => component.Role switch
            {
                ComponentRole.Input => Silent(component),
                ComponentRole.Output => output(component),
                _ => component,
            })],
            Errors = output(definition.Errors),
            Workers = [],
            Control = ControlDefinition.Off,
            AkkaHocon = "",
            AkkaOrigin = null,
        };
    }

    /// <summary>An output that keeps what it gets.</summary>
    public static ComponentDefinition Recording(ComponentDefinition output) => As(output, typeof(TestOutput), options: null);

    /// <summary>The same component with another actor at work; it keeps the name of its type.</summary>
    public static ComponentDefinition As(ComponentDefinition component, Type actor, object? options) =>
        component with { Type = ComponentType.Of(actor, component.Type.Name, component.Type.Summary), Options = options, Singleton = null };

    /// <summary>An input that brings what is handed to its intake; it can wait where the one that it stands for can.</summary>
    private static ComponentDefinition Silent(ComponentDefinition input)
    {
        var pausable = input.Options as IPausableInput;
        return As(input, typeof(InputDouble), new InputDouble.Options(pausable?.CanPause ?? false, pausable?.CanPauseAtALoss ?? false));
    }
}
