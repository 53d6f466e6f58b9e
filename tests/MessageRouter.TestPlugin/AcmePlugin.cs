using Acme.Filters;
using MessageRouter.Components;

namespace Acme;

/// <summary>Registers the assembly's components.</summary>
public sealed class AcmePlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(ComponentRegistry registry) =>
        registry.Add<Redact>("redact", "Replaces the values of some fields.", "{ type = redact, fields = [password], to = [out] }")
            .Add<Split>("split", "Makes a message of each element of a list.", "{ type = split, field = items, to = [out] }")
            .Add<LookUp>("look-up", "Adds what a file says.", """{ type = look-up, file = "x.txt", to = [out] }""");
}
