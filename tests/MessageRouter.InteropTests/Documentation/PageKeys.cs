using MessageRouter.Curve;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.InteropTests.Documentation;

/// <summary>The keys, users and passwords that pages take to be there.</summary>
internal static class PageKeys
{
    private static readonly Lock Making = new();

    /// <summary>Makes those that a node names, where they are not there.</summary>
    public static void AddTo(string folder, string node)
    {
        lock (Making)
        {
            if (node.Contains("curve {", StringComparison.Ordinal)) AddKeys(folder);
            if (node.Contains("users = users", StringComparison.Ordinal)) AddSecret(Path.Combine(folder, "users"), $"shop:{PasswordHash.Of("correct horse"u8, 1000)}\n");
            if (node.Contains("file = password", StringComparison.Ordinal)) AddSecret(Path.Combine(folder, "password"), "correct horse\n");
        }
    }

    private static void AddKeys(string folder)
    {
        var clients = Path.Combine(folder, "keys", "clients");
        if (Directory.Exists(clients)) return;
        Directory.CreateDirectory(clients);
        foreach (var name in (string[])["hub", "shop"])
        {
            using var keys = CurveKeys.Generate();
            keys.Save(Path.Combine(folder, "keys", $"{name}.key"));
        }
        File.Copy(Path.Combine(folder, "keys", "shop.key"), Path.Combine(clients, "shop.key"));
    }

    private static void AddSecret(string path, string text)
    {
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
