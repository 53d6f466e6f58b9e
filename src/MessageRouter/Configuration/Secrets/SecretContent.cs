using System.Text;
using System.Text.Unicode;

namespace MessageRouter.Configuration.Secrets;

/// <summary>What a file or a command gives as a secret: text, without the line end that closes it.</summary>
internal static class SecretContent
{
    /// <summary>Bytes: room for a key with its certificates.</summary>
    public const int Longest = 64 << 10;

    /// <param name="stream">What is read, no further than is allowed.</param>
    /// <param name="what">What it is, for who is told what is wrong.</param>
    /// <exception cref="SecretException">It is empty, too large, or no text.</exception>
    public static string Read(Stream stream, string what)
    {
        var bytes = new byte[Longest + 1];
        var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (count > Longest) throw new SecretException($"{what} has more than {SizeText.Of(Longest)}", "a secret is a password, a token or a key");
        var text = bytes.AsSpan(0, count);
        if (!Utf8.IsValid(text) || text.Contains((byte)0)) throw new SecretException($"{what} is no text", "a secret is text in UTF-8");
        if (text.EndsWith("\n"u8)) text = text[..^1];
        if (text.EndsWith("\r"u8)) text = text[..^1];
        return text.IsEmpty ? throw new SecretException($"{what} is empty") : Encoding.UTF8.GetString(text);
    }
}
