using System.Text;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Curve;

/// <summary>Reads who may connect: from a folder of public certificates, from one of those, or from a list with a key and a name a line.</summary>
internal static class KeyListReader
{
    private const string Public = "a public certificate, or a list with a key and a name a line";
    private static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();

    /// <summary>A folder: every file in it is a public certificate, but for hidden ones, those of czmq's name for secret ones, and what editors leave behind.</summary>
    /// <exception cref="SecurityFileException">It cannot be read, one of its files is no public certificate, or there is none.</exception>
    public static KeyTable Folder(string path)
    {
        var table = new KeyTable();
        foreach (var file in Files(path))
        {
            using var certificate = KeyFile.Public(file);
            Add(table, certificate, file);
        }
        return table.Count > 0 ? table : throw new SecurityFileException(path, "has no public certificate, so nobody could connect", "copy one there, as in `cp alice.key` beside its owner's `alice.key_secret`, or write allow = any");
    }

    /// <summary>A file of either kind.</summary>
    /// <exception cref="SecurityFileException">It cannot be read, something in it is no key, or it is empty.</exception>
    public static KeyTable File(string path) => SecurityFile.Read(path, Public, (text, _) =>
    {
        var table = new KeyTable();
        if (KeyFile.IsOne(text))
        {
            using var certificate = KeyFile.Public(path, text);
            Add(table, certificate, path);
            return table;
        }
        var number = 0;
        foreach (var range in text.Split((byte)'\n')) AddLine(table, Encoding.UTF8.GetString(text[range]), path, ++number);
        return table.Count > 0 ? table : throw new SecurityFileException(path, "has no key, so nobody could connect", "write one and a name a line, or allow = any");
    });

    /// <summary>Keys that stand in the configuration, each with a name behind it or without.</summary>
    /// <exception cref="SecurityFileException">One is none.</exception>
    public static KeyTable Keys(IEnumerable<string> lines)
    {
        var table = new KeyTable();
        foreach (var line in lines)
        {
            var before = table.Count;
            AddLine(table, line, line, null);
            if (table.Count == before && line.Trim() is { Length: < Z85.KeyLength }) throw NoKey(line, null, line.Trim().Length);
        }
        return table;
    }

    private static void Add(KeyTable table, KeyFile certificate, string path) => table.Add(Z85.Encode(certificate.PublicKey), certificate.NameIn(path), certificate.Metadata, path);

    private static void AddLine(KeyTable table, string line, string path, int? number)
    {
        var words = line.Trim().Split((char[])[' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 0) return;

        // Keys may begin with the sign of comments.
        if (Z85.TryDecodeKey(words[0], out _)) table.Add(words[0], words.Length > 1 ? words[1] : null, Nothing, path, number);
        else if (words[0][0] != '#') throw NoKey(path, number, words[0].Length);
    }

    private static SecurityFileException NoKey(string path, int? line, int length) => length == Z85.KeyLength
        ? new(path, "has 40 characters that are no public key in Z85", "copy it again, as it is", line)
        : new(path, FormattableString.Invariant($"has a key of {length} characters instead of {Z85.KeyLength}"), "write 40 characters of Z85, as `message-router keys show` prints them, and a name", line);

    private static IReadOnlyList<string> Files(string path)
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

    private static bool IsPublic(string path) => Path.GetFileName(path) is var name && name[0] != '.' && name[^1] != '~' && !name.EndsWith(KeyFile.SecretSuffix, StringComparison.Ordinal);
}
