using System.Security.Cryptography;
using System.Text;

namespace MessageRouter.Curve;

/// <summary>Writes certificates as czmq does. What is there already is left as it is.</summary>
internal static class KeyFileWriter
{
    private static readonly string[] OfPublic =
    [
        "   ZeroMQ CURVE Public Certificate",
        "   Exchange securely, or use a secure mechanism to verify the contents",
        "   of this file after exchange.",
    ];

    private static readonly string[] OfSecret =
    [
        "   ZeroMQ CURVE **Secret** Certificate",
        "   DO NOT PROVIDE THIS FILE TO OTHER USERS nor change its permissions.",
    ];

    /// <exception cref="IOException">One of the two files is there, or cannot be written; then neither is made.</exception>
    public static void Write(string path, CurveKeys keys, IReadOnlyDictionary<string, string> metadata)
    {
        var text = Secret(keys, metadata);
        try
        {
            var secret = path + KeyFile.SecretSuffix;
            Create(secret, text, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            try
            {
                Create(path, Encoding.UTF8.GetBytes(Begin(OfPublic, metadata, keys.PublicKey)), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            }
            catch
            {
                File.Delete(secret);
                throw;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static byte[] Secret(CurveKeys keys, IReadOnlyDictionary<string, string> metadata)
    {
        var begin = Encoding.UTF8.GetBytes(Begin(OfSecret, metadata, keys.PublicKey) + "    secret-key = \"");
        var text = GC.AllocateUninitializedArray<byte>(begin.Length + Z85.KeyLength + 2, pinned: true);
        begin.CopyTo(text, 0);
        Z85.Encode(keys.Secret, text.AsSpan(begin.Length, Z85.KeyLength));
        "\"\n"u8.CopyTo(text.AsSpan(begin.Length + Z85.KeyLength));
        return text;
    }

    private static string Begin(IEnumerable<string> comments, IReadOnlyDictionary<string, string> metadata, string publicKey)
    {
        var text = new StringBuilder();
        foreach (var comment in comments) text.Append('#').Append(comment).Append('\n');
        text.Append("\nmetadata\n");
        foreach (var (name, value) in metadata) text.Append("    ").Append(name).Append(" = ").Append(Quoted(value)).Append('\n');
        return text.Append("curve\n    public-key = \"").Append(publicKey).Append("\"\n").ToString();
    }

    /// <summary>ZPL has no escapes.</summary>
    private static string Quoted(string value) => value.Contains('"', StringComparison.Ordinal) ? $"'{value}'" : $"\"{value}\"";

    private static void Create(string path, byte[] content, UnixFileMode mode)
    {
        // The mode is that of the file from its first moment on.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
        using var file = new FileStream(path, options);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }
}
