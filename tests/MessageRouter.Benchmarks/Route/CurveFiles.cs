using MessageRouter.Curve;

namespace MessageRouter.Benchmarks.Route;

/// <summary>The keys of whoever stands between, in all runs of this process.</summary>
internal static class CurveFiles
{
    private static readonly Lazy<(CurveKeys Keys, string File)> Made = new(() =>
    {
        var keys = CurveKeys.Generate();
        var file = Path.Combine(Directory.CreateTempSubdirectory("message-router-benchmark-").FullName, "node");
        keys.Save(file);
        return (keys, file + "_secret");
    });

    /// <summary>Its public key.</summary>
    public static string PublicKey => Made.Value.Keys.PublicKey;

    /// <summary>Its secret key.</summary>
    public static string SecretKey => Z85.Encode(Made.Value.Keys.Secret);

    /// <summary>The file with both.</summary>
    public static string Secret => Made.Value.File;
}
