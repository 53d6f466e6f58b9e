using Acme.Filters;
using MessageRouter.Components;

namespace Acme;

/// <summary>Registers the assembly's components.</summary>
public sealed class AcmePlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(ComponentRegistry registry) =>
        registry.Add<Redact>("redact", "Replaces the values of some fields.", "{ type = redact, fields = [password], to = [out] }");
}
