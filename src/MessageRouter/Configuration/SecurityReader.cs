using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Configuration.Secrets;
using MessageRouter.Plugins;
using MessageRouter.Security;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Configuration;

/// <summary>Reads <c>security</c>: whose keys sockets can have, and lists of those who may connect. The files are read too, so that all that is wrong with them is said before a node starts.</summary>
internal sealed class SecurityReader(OptionsBinder binder)
{
    private const string Key = "security";

    /// <summary>The names that the file gives, whether or not what they name could be read.</summary>
    public IReadOnlyList<string> IdentityNames { get; private set; } = [];

    /// <inheritdoc cref="IdentityNames"/>
    public IReadOnlyList<string> ListNames { get; private set; } = [];

    public SecurityDefinition Read(HoconObject router)
    {
        if (!OptionsBinder.TryGetValue(router, Key, out var field)) return SecurityDefinition.None;
        if (field.Value is not HoconObject block)
        {
            binder.Error($"`{Key}` must be a block", field.Value.Span, $"write {Key} {{ identities {{ node {{ file = \"node.key_secret\" }} }} }}");
            return SecurityDefinition.None;
        }
        binder.RejectUnknownKeys(block, $"`{Key}` of the router", ["identities", "peers"]);
        var (identities, lists) = (Blocks(block, "identities"), Blocks(block, "peers"));
        (IdentityNames, ListNames) = ([.. identities.Select(identity => identity.Key)], [.. lists.Select(list => list.Key)]);
        if (identities.Count + lists.Count > 0 && ExtensionPackage.CurvePackage is null)
        {
            binder.Error($"`{Key}` {ExtensionPackage.Curve.Absence}", field.KeySpan, ExtensionPackage.Curve.Cure);
            return SecurityDefinition.None;
        }
        var known = identities.Select(identity => (identity.Key, Keys: Identity(identity))).Where(pair => pair.Keys is not null).ToDictionary(pair => pair.Key, pair => pair.Keys!);
        return new SecurityDefinition { Identities = known, Lists = [.. lists.Select(list => List(list, known)).OfType<PeerList>()] };
    }

    private List<HoconField> Blocks(HoconObject security, string key)
    {
        if (!OptionsBinder.TryGetValue(security, key, out var field)) return [];
        if (field.Value is HoconObject block) return [.. block.Fields.Where(inner => inner.Value is not HoconBroken && ComponentReader.CheckName(binder, inner, key == "peers" ? "a list of peers" : "an identity"))];
        binder.Error($"`{key}` of `{Key}` must be a block", field.Value.Span, key == "peers" ? "write peers { office { directory = \"keys/clients\" } }" : "write identities { node { file = \"node.key_secret\" } }");
        return [];
    }

    private ICurveIdentity? Identity(HoconField field)
    {
        var subject = $"identity `{field.Key}`";
        if (Bind<IdentityOptions>(field, subject) is not { } options) return null;
        if (LooksLikeKey(options.File))
        {
            KnownSecrets.Add(options.File);
            binder.Error($"{subject}: `file` has what looks like a key itself", Place(field, "file"), "name the file that has it; and make new keys if it is the secret one, which whoever reads this file has now");
            return null;
        }
        return Try(() => ExtensionPackage.CurvePackage!.Identity(Beside(field, "file", options.File)), subject, Place(field, "file"));
    }

    private PeerList? List(HoconField field, Dictionary<string, ICurveIdentity> identities)
    {
        var subject = $"list of peers `{field.Key}`";
        if (field.Key == CurveOptions.Any) binder.Error($"`{CurveOptions.Any}` cannot name a list of peers: it stands for everybody", field.KeySpan, "give it another name");
        if (Bind<PeerListOptions>(field, subject) is not { } options) return null;
        var sources = new CurveSources(options.Allow, Located("file", options.File), Located("directory", options.Directory)) { Identities = [.. identities.Values] };
        if (identities.FirstOrDefault(identity => sources.Keys.Any(identity.Value.IsSecret)) is { Key: { } owner })
        {
            foreach (var line in sources.Keys.Where(identities[owner].IsSecret)) KnownSecrets.Add(line);
            binder.Error($"{subject} has the secret key of the identity `{owner}`, which whoever reads this file has now", Place(field, "allow"), ICurveIdentity.CureOfSecret);
            return null;
        }
        var place = sources.Keys.Count > 0 ? "allow" : sources.Files.Count > 0 ? "file" : "directory";
        return Try(() => ExtensionPackage.CurvePackage!.List(sources), subject, Place(field, place)) is { } list ? new PeerList(field.Key, sources, list, field.KeySpan) : null;

        IReadOnlyList<string> Located(string key, string path) => path.Length == 0 ? [] : [Beside(field, key, path)];
    }

    /// <summary>Of the length of a key in Z85, with signs that keys have and paths have not.</summary>
    private static bool LooksLikeKey(string text) => text.Length is >= 36 and <= 44 && text.AsSpan().ContainsAny("^!*?&<>()[]{}@%$#") && !text.AsSpan().ContainsAny(" _\\,;|~'\"");

    private T? Bind<T>(HoconField field, string subject)
        where T : class
    {
        if (field.Value is HoconObject block) return (T?)binder.Bind(typeof(T), block, field.KeySpan, subject);
        binder.Error($"{subject} must be a block", field.Value.Span, $"write {field.Key} {{ … }}");
        return null;
    }

    private T? Try<T>(Func<T> read, string subject, SourceSpan place)
        where T : class
    {
        try
        {
            return read();
        }
        catch (SecurityFileException exception)
        {
            binder.Error($"{subject}: {exception.Problem}", place, exception.Cure);
        }
        catch (DllNotFoundException exception)
        {
            binder.Error($"{subject}: {exception.Message.TrimEnd('.')}", place);
        }
        return null;
    }

    private static string Beside(HoconField field, string key, string path) => BesideFile.Of(path, Place(field, key));

    private static SourceSpan Place(HoconField field, string key) => field.Value is HoconObject block && block.TryGet(key, out var found) ? found.Value.Span : field.KeySpan;
}
