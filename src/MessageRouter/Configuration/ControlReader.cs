using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Control;
using MessageRouter.Plugins;

namespace MessageRouter.Configuration;

/// <summary>Reads <c>control</c>: a block, or <c>off</c>.</summary>
internal static class ControlReader
{
    private const string Key = "control";

    /// <returns>What is said of it; null where nothing is, or an error was reported.</returns>
    public static ControlDefinition? Read(HoconObject router, OptionsBinder binder)
    {
        if (!OptionsBinder.TryGetValue(router, Key, out var field)) return null;
        if (field.Value is HoconScalar { Text: "off" }) return ControlDefinition.Off with { Origin = field.KeySpan };
        if (field.Value is not HoconObject block)
        {
            binder.Error($"`{Key}` must be a block, or off", field.Value.Span, $"write {Key} {{ http {{ bind = \"127.0.0.1:9600\" }} }}");
            return null;
        }
        if (binder.Bind(typeof(ControlOptions), block, field.KeySpan, "`control` of the router") is not ControlOptions options) return null;
        if (ExtensionPackage.Control.Plugin is null)
        {
            binder.Error($"`control` {ExtensionPackage.Control.Absence}", field.KeySpan, ExtensionPackage.Control.Cure);
            return null;
        }
        return new ControlDefinition { Options = Located(options, block), Origin = field.KeySpan, PlaceOf = path => Place(block, path)?.Value.Span };
    }

    /// <summary>Paths are relative to the file that names them.</summary>
    private static ControlOptions Located(ControlOptions options, HoconObject block)
    {
        return options with
        {
            Socket = options.HasSocket ? Beside(options.Socket, "socket") : options.Socket,
            Http = options.Http is not { } http ? null : http with { TokenFile = Beside(http.TokenFile, "http.token-file"), Tls = Tls(http.Tls) },
            Otlp = options.Otlp is not { } otlp ? null : otlp with { HeadersFile = Beside(otlp.HeadersFile, "otlp.headers-file") },
        };

        TlsOptions? Tls(TlsOptions? tls) => tls is null ? null : tls with
        {
            Certificate = Beside(tls.Certificate, "http.tls.certificate"),
            Key = Beside(tls.Key, "http.tls.key"),
            ClientAuthority = Beside(tls.ClientAuthority, "http.tls.client-authority"),
        };

        string Beside(string path, string key) =>
            path.Length == 0 || Place(block, key) is not { } field ? path : BesideFile.Of(path, field.Value.Span);
    }

    private static HoconField? Place(HoconObject block, string path)
    {
        HoconField? found = null;
        HoconValue value = block;
        foreach (var key in path.Split('.'))
        {
            if (value is not HoconObject inner || !inner.TryGet(key, out found)) return null;
            value = found.Value;
        }
        return found;
    }
}
