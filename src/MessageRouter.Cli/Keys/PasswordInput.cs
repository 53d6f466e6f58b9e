using System.Security.Cryptography;
using System.Text;

namespace MessageRouter.Cli.Keys;

/// <summary>Takes a password from the standard input: its first line or, where somebody sits there, what he types, which is not shown.</summary>
internal static class PasswordInput
{
    private const int Longest = 255;

    /// <returns>Its bytes, for the caller to wipe.</returns>
    public static byte[] Read(Surroundings surroundings)
    {
        var password = surroundings.HasInput() ? FirstLine(surroundings) : Typed(surroundings);
        return password.Length switch
        {
            0 => throw CommandException.Usage("there is no password on the standard input"),
            > Longest => throw CommandException.Usage("the password has more than 255 bytes, for which PLAIN has no room"),
            _ => password,
        };
    }

    private static byte[] FirstLine(Surroundings surroundings)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(Longest + 3, pinned: true);
        using var input = surroundings.OpenInput();
        var count = 0;
        int more;
        while (!buffer.AsSpan(0, count).Contains((byte)'\n') && (more = input.Read(buffer, count, buffer.Length - count)) > 0) count += more;
        var read = buffer.AsSpan(0, count);
        if (read.IndexOf((byte)'\n') is >= 0 and var end) read = read[..end];
        if (read.EndsWith("\r"u8)) read = read[..^1];
        var password = read.ToArray();
        CryptographicOperations.ZeroMemory(buffer);
        return password;
    }

    private static byte[] Typed(Surroundings surroundings)
    {
        var first = Ask(surroundings, "Password: ");
        var second = Ask(surroundings, "Once more: ");
        var isSame = first.AsSpan().SequenceEqual(second);
        CryptographicOperations.ZeroMemory(second);
        return isSame ? first : throw CommandException.Usage("these were two different passwords");
    }

    private static byte[] Ask(Surroundings surroundings, string question)
    {
        surroundings.Error.Write(question);
        var typed = new StringBuilder();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace) typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar)) typed.Append(key.KeyChar);
        }
        surroundings.Error.WriteLine();
        return Encoding.UTF8.GetBytes(typed.ToString());
    }
}
