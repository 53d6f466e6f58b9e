using MessageRouter.Curve;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Cli.Keys;

/// <summary>Says what a file of keys or users has, if it can be used.</summary>
internal static class KeyCheck
{
    /// <exception cref="SecurityFileException">It cannot be used.</exception>
    public static string Of(string path)
    {
        if (Directory.Exists(path)) return $"{Counted(CurvePeers.FromDirectory(path).Count, "public certificate")}";
        return SecurityFile.Read(path, "a file of keys or users", (text, _) => KeyFile.IsOne(text) ? Kind.Certificate : text.IndexOf(":$pbkdf2"u8) >= 0 ? Kind.Users : Kind.List) switch
        {
            Kind.Certificate => Certificate(path),
            Kind.Users => Counted(PlainUsers.FromFile(path).Count, "user"),
            _ => $"a list of {Counted(CurvePeers.FromFile(path).Count, "public key")}",
        };
    }

    private static string Certificate(string path)
    {
        using var file = KeyFile.Any(path);
        if (file.SecretKey is null) return $"the public certificate of {file.NameIn(path)}";

        // Whether others may read it too.
        KeyFile.Secret(path).Dispose();
        return $"both keys of {file.NameIn(path)}, which only the file's owner can read";
    }

    private static string Counted(int count, string what) => FormattableString.Invariant($"{count} {what}{(count == 1 ? "" : "s")}");

    private enum Kind
    {
        Certificate,
        Users,
        List,
    }
}
