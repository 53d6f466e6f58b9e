using System.Text;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Curve;

/// <summary>Reads who may connect: from public certificates, from lists with a key and a name a line, and from such lines.</summary>
internal static class KeyListReader
{
    private const string Public = "a public certificate, or a list with a key and a name a line";
    private static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();

    /// <summary>The certificates of a folder: all of its files but for hidden ones, those of czmq's name for secret ones, and what editors leave behind.</summary>
    /// <exception cref="SecurityFileException">It cannot be read.</exception>
    public static IReadOnlyList<string> Certificates(string path)
    {
        try
        {
            return [.. Directory.EnumerateFiles(path).Where(IsPublic).Order(StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException) when (!System.IO.File.Exists(path))
        {
            throw new SecurityFileException(path, "is not there", "make the folder, and copy the public certificates of those who may connect there");
        }
        catch (Exception exception) when (exception is IOException && System.IO.File.Exists(path))
        {
            throw new SecurityFileException(path, "is a file", "name a folder of public certificates, or write `file` in place of `directory`");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SecurityFile.Explain(path, "a folder of public certificates", exception);
        }
    }

    /// <summary>A public certificate.</summary>
    /// <exception cref="SecurityFileException">It is none.</exception>
    public static IReadOnlyList<KeyEntry> Certificate(string path)
    {
        using var certificate = KeyFile.Public(path);
        return [Entry(certificate, path)];
    }

    /// <summary>A file of either kind.</summary>
    /// <exception cref="SecurityFileException">It cannot be read, something in it is no key, or it is empty.</exception>
    public static IReadOnlyList<KeyEntry> File(string path) => SecurityFile.Read(path, Public, (text, _) =>
    {
        if (KeyFile.IsOne(text))
        {
            using var certificate = KeyFile.Public(path, text);
            return [Entry(certificate, path)];
        }
        List<KeyEntry> entries = [];
        var number = 0;
        foreach (var range in text.Split((byte)'\n'))
        {
            if (Entry(Encoding.UTF8.GetString(text[range]), path, ++number) is { } entry) entries.Add(entry);
        }
        return entries.Count > 0 ? entries : throw new SecurityFileException(path, "has no key, so nobody could connect", "write one and a name a line, or allow = any");
    });

    /// <summary>A key that stands in the configuration, with a name behind it or without; null for one that is a comment.</summary>
    /// <exception cref="SecurityFileException">It is none.</exception>
    public static KeyEntry? Key(string line) => Entry(line, line, null) ?? (line.Trim().Length < Z85.KeyLength ? throw NoKey(line, null, line.Trim().Length) : null);

    private static KeyEntry Entry(KeyFile certificate, string path) => Entry(Z85.Encode(certificate.PublicKey), certificate.NameIn(path), certificate.Metadata, null);

    private static KeyEntry? Entry(string line, string path, int? number)
    {
        var words = line.Trim().Split((char[])[' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 0) return null;

        // Keys may begin with the sign of comments.
        if (Z85.TryDecodeKey(words[0], out _)) return Entry(words[0], words.Length > 1 ? words[1] : null, Nothing, number);
        return words[0][0] == '#' ? null : throw NoKey(path, number, words[0].Length);
    }

    private static KeyEntry Entry(string key, string? name, IReadOnlyDictionary<string, string> attributes, int? line) =>
        new(new PeerIdentity { Mechanism = SecurityMechanism.Curve, PublicKey = key, Name = name, Attributes = attributes }, line);

    private static SecurityFileException NoKey(string path, int? line, int length) => length == Z85.KeyLength
        ? new(path, "has 40 characters that are no public key in Z85", "copy it again, as it is", line)
        : new(path, FormattableString.Invariant($"has a key of {length} characters instead of {Z85.KeyLength}"), "write 40 characters of Z85, as `message-router keys show` prints them, and a name", line);

    private static bool IsPublic(string path) => Path.GetFileName(path) is var name && name[0] != '.' && name[^1] != '~' && !name.EndsWith(KeyFile.SecretSuffix, StringComparison.Ordinal);
}
