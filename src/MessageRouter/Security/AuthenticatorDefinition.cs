using MessageRouter.Zmtp.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Security;

/// <summary>Who decides about peers, as a configuration names it: a class, and its options.</summary>
/// <param name="type">The class.</param>
/// <param name="options">Its options; null where it has none.</param>
/// <param name="text">What was written, by which two are compared.</param>
internal sealed class AuthenticatorDefinition(Type type, object? options, string text) : IEquatable<AuthenticatorDefinition>
{
    private readonly Lock _lock = new();
    private IPeerAuthenticator? _made;

    /// <summary>Makes it when a socket first needs it; it stays for all that come after.</summary>
    public IPeerAuthenticator Get(IServiceProvider services, ILogger logger)
    {
        lock (_lock) return _made ??= (IPeerAuthenticator)ActivatorUtilities.CreateInstance(services, type, [.. options is null ? [] : new[] { options }, .. AsksForLogger ? new object[] { logger } : []]);
    }

    public bool Equals(AuthenticatorDefinition? other) => other is not null && other.Type == type && other.Text == text;

    public override bool Equals(object? obj) => Equals(obj as AuthenticatorDefinition);

    public override int GetHashCode() => type.GetHashCode();

    private Type Type => type;

    private string Text => text;

    private bool AsksForLogger => type.GetConstructors().Any(constructor => constructor.GetParameters().Any(parameter => parameter.ParameterType == typeof(ILogger)));
}
