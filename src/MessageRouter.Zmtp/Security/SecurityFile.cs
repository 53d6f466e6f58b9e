using System.Security;
using System.Security.Cryptography;
using System.Text.Unicode;

namespace MessageRouter.Zmtp.Security;

/// <summary>Reads files of keys and users: text of a size that such a file may have.</summary>
internal static class SecurityFile
{
    /// <summary>Bytes: room for a list of some hundred thousand keys.</summary>
    public const int Longest = 16 << 20;

    /// <summary>Reads text.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="what">What it should be, with its article.</param>
    /// <param name="read">Gets the text in memory that is wiped when it returns.</param>
    /// <exception cref="SecurityFileException">It cannot be read, or is no text.</exception>
    public static T Read<T>(string path, string what, SecurityFileReader<T> read)
    {
        byte[] text = [];
        try
        {
            // The opening of a pipe would wait for somebody who writes.
            if (FileKind.IsSpecial(path)) throw new SecurityFileException(path, FileKind.NoFile, $"name {what}");
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (file.Length > Longest) throw new SecurityFileException(path, $"has more than {Longest >> 20} MiB", $"name {what}");
            text = GC.AllocateUninitializedArray<byte>((int)file.Length, pinned: true);
            var content = text.AsSpan(0, file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false));
            if (content.StartsWith("\uFEFF"u8)) content = content[3..];
            if (!Utf8.IsValid(content) || content.Contains((byte)0)) throw new SecurityFileException(path, "is no text", $"name {what}");

            return read(content, FileSecrecy.IsOthers(file.SafeFileHandle));
        }
        catch (Exception exception) when (exception is IOException and not SecurityFileException or UnauthorizedAccessException or SecurityException or ArgumentException or NotSupportedException)
        {
            throw Explain(path, what, exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>Refuses a file that others than its owner may read or change.</summary>
    public static SecurityFileException OfOthersToo(string path) => new(path, "can be read or changed by others than its owner", $"chmod 600 {path}");

    /// <summary>What the system says, with what to do about it.</summary>
    public static SecurityFileException Explain(string path, string what, Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => new(path, "is not there", $"name {what}") { IsAbsent = true },
        UnauthorizedAccessException when Directory.Exists(path) => new(path, "is a folder", $"name {what}"),
        UnauthorizedAccessException => new(path, "may not be read by this user", $"chown it to {Environment.UserName}, or let that user read it"),
        _ => new(path, $"cannot be read: {exception.Message.TrimEnd('.')}", $"name {what}"),
    };
}

/// <summary>Makes something of a file.</summary>
/// <param name="text">Its text, in memory that is wiped afterwards.</param>
/// <param name="isOthers">Whether others than its owner may read or change it, as far as the system tells.</param>
internal delegate T SecurityFileReader<T>(ReadOnlySpan<byte> text, bool isOthers);
