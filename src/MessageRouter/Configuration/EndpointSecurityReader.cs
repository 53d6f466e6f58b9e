using System.Reflection;
using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Configuration.Secrets;
using MessageRouter.Plugins;
using MessageRouter.Security;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Configuration;

/// <summary>Finds what the names in a component's <c>curve</c> and <c>plain</c> lead to.</summary>
internal sealed class EndpointSecurityReader(OptionsBinder binder, SecurityReader names, SecurityDefinition security, IReadOnlyList<Assembly> assemblies)
{
    /// <param name="options">The component's options.</param>
    /// <param name="block">Its block.</param>
    /// <param name="subject">What it is called in errors.</param>
    /// <returns>The options with that; null where an error was reported.</returns>
    public object? Read(ISecured options, HoconObject block, string subject)
    {
        var before = binder.Errors;
        EndpointSecurity? found = null;
        if (options.Curve is { } curve) found = Curve(curve, new Place(block, "curve", subject));
        if (options.Plain is { } plain) found = Plain(plain, new Place(block, "plain", subject));
        if (found is not null)
        {
            var place = new Place(block, found.Key, subject);
            if (options is { Curve: not null, Plain: not null }) binder.Error($"{subject} has both `curve` and `plain`", place.Of(), "leave one of the two: a socket has one way to prove who it is");
            if (options.OtherEngine is { } key)
                binder.Error($"{subject} cannot have `{found.Key}`: `{key}` has NetMQ do the work, which lets peers in that prove nothing", place.Of(), key == "engine" ? "remove `engine`" : "use tcp:// or ipc://, or remove the block");
            if (found.IsReadable) WarnOfReaders(options, place);
        }
        return binder.Errors > before ? null : found is null ? options : options.With(found);
    }

    private CurveEndpoint? Curve(CurveOptions options, Place place)
    {
        if (ExtensionPackage.CurvePackage is not { } package)
        {
            binder.Error($"{place.Subject}: `curve` {ExtensionPackage.Curve.Absence}", place.Of(), ExtensionPackage.Curve.Cure);
            return null;
        }
        var isKnown = Check(options.Identity, names.IdentityNames, "identity", "identities", place.Of("identity"), place.Subject);
        foreach (var list in options.AllowsAny ? [] : options.Allow) isKnown &= Check(list, names.ListNames, "list of peers", "peers", place.Of("allow", list), place.Subject);
        var owner = security.Identities.FirstOrDefault(pair => pair.Value.IsSecret(options.Server)).Key;
        if (owner is not null) KnownSecrets.Add(options.Server);
        string? serverKey = null;
        try
        {
            if (options.Server.Length > 0) serverKey = package.PublicKey(options.Server, BesideFile.Of(options.Server, place.Of("server")));
        }
        catch (SecurityFileException exception)
        {
            binder.Error($"{place.Subject}: `server` of `curve`: {exception.Problem}", place.Of("server"), exception.Cure);
        }
        var authenticator = options.Authenticator is null ? null : Authenticator(place);

        // What could not be read was reported where it stands.
        if (!isKnown || !security.Identities.TryGetValue(options.Identity, out var identity)) return null;
        if (owner is not null)
        {
            binder.Error($"{place.Subject}: `server` of `curve` is the secret key of the identity `{owner}`, which whoever reads this file has now", place.Of("server"), ICurveIdentity.CureOfSecret);
            return null;
        }
        return new CurveEndpoint
        {
            Identity = identity,
            Allow = options.Allow.Count == 0 ? null : options.AllowsAny ? [] : [.. security.Lists.Where(list => options.Allow.Contains(list.Name))],
            ServerKey = serverKey,
            Authenticator = authenticator,
        };
    }

    private PlainEndpoint Plain(PlainOptions options, Place place)
    {
        KnownSecrets.Add(options.Password);
        UserList? users = null;
        if (options.Users.Length > 0)
        {
            var path = BesideFile.Of(options.Users, place.Of("users"));
            try
            {
                users = new UserList(path, PlainUsers.FromFile(path));
            }
            catch (SecurityFileException exception)
            {
                binder.Error($"{place.Subject}: `users` of `plain`: {exception.Problem}", place.Of("users"), exception.Cure);
            }
        }
        return new PlainEndpoint
        {
            Users = users,
            User = options.User.Length > 0 ? options.User : null,
            Password = options.Password,
            Authenticator = options.Authenticator is null ? null : Authenticator(place),
        };
    }

    private bool Check(string name, IReadOnlyList<string> known, string what, string key, SourceSpan span, string subject)
    {
        if (known.Contains(name)) return true;
        binder.Error($"there is no {what} `{DiagnosticBag.Shorten(name)}` for `curve` of {subject}", span,
            Suggestion.For(name, known) is { } near ? $"did you mean `{near}`?"
            : known.Count > 0 ? $"router.security.{key} has {string.Join(", ", known)}"
            : $"name one in router.security.{key}");
        return false;
    }

    private AuthenticatorDefinition? Authenticator(Place place)
    {
        var subject = $"`authenticator` of {place.Subject}";
        if (place.Field("authenticator") is not { Value: HoconObject block } field)
        {
            binder.Error($"{subject} must be a block", place.Of("authenticator"), "write authenticator { class = \"Acme.Authenticator\" }");
            return null;
        }
        if (!OptionsBinder.TryGetValue(block, "class", out var named) || !HoconConvert.TryString(named.Value, out var name, out _))
        {
            binder.Error($"{subject} needs a key `class`", field.KeySpan, "name a class of a plug-in that implements IPeerAuthenticator");
            return null;
        }

        // As .NET writes it, with the assembly behind a comma, or without.
        var (className, assemblyName) = name.IndexOf(',', StringComparison.Ordinal) is >= 0 and var comma ? (name[..comma].Trim(), name[(comma + 1)..].Split(',')[0].Trim()) : (name, null);
        var candidates = assemblies.Where(assembly => assemblyName is null || assembly.GetName().Name == assemblyName);
        if (candidates.Select(assembly => assembly.GetType(className)).FirstOrDefault(found => found is not null) is not { } type)
        {
            List<string> known = [.. assemblies.SelectMany(assembly => assembly.GetExportedTypes()).Where(IsAuthenticator).Select(found => found.FullName!)];
            binder.Error($"there is no class `{DiagnosticBag.Shorten(name)}` for {subject}", named.Value.Span,
                Suggestion.For(className, known) is { } near ? $"did you mean `{near}`?"
                : known.Count > 0 ? $"the plug-ins have {string.Join(", ", known)}"
                : "name its assembly in `plugins`, or on the command line with --plugin");
            return null;
        }
        if (!IsAuthenticator(type))
        {
            binder.Error($"`{className}` cannot be {subject}: it is no class that implements IPeerAuthenticator", named.Value.Span);
            return null;
        }
        object? options = null;
        if (type.GetNestedType("Options", BindingFlags.Public | BindingFlags.NonPublic) is { } optionsType)
        {
            options = binder.Bind(optionsType, block, field.KeySpan, subject, "class");
            if (options is null) return null;
        }
        else
        {
            binder.RejectUnknownKeys(block, subject, ["class"]);
        }
        return new AuthenticatorDefinition(type, options, HoconPrinter.Print(block));
    }

    private static bool IsAuthenticator(Type type) => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && type.IsAssignableTo(typeof(IPeerAuthenticator));

    private void WarnOfReaders(ISecured options, Place place)
    {
        if (options.ReadableLinks.FirstOrDefault() is not { } endpoint) return;
        binder.Warn($"{place.Subject}: passwords and messages can be read by everybody on the way to {endpoint}: PLAIN encrypts nothing", place.Of(), "use `curve`, or a network that nobody else is in", isSaidAtStart: true);
    }

    /// <summary>Where the keys of one block within a component's block stand.</summary>
    private sealed class Place(HoconObject component, string key, string subject)
    {
        public string Subject => subject;

        public HoconField? Field(string inner) => component.TryGet(key, out var field) && field.Value is HoconObject block && block.TryGet(inner, out var found) ? found : null;

        /// <summary>The block.</summary>
        public SourceSpan Of() => component.TryGet(key, out var field) ? field.KeySpan : component.Span;

        /// <summary>The value of one of its keys; of a list the element that has a text.</summary>
        public SourceSpan Of(string inner, string? text = null) => Field(inner)?.Value switch
        {
            HoconArray array when array.Items.FirstOrDefault(item => item is HoconScalar scalar && scalar.Text == text) is { } element => element.Span,
            { } value => value.Span,
            null => Of(),
        };
    }
}
