using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MessageRouter.InteropTests.Support;

/// <summary>
/// Stands in for the registry that has the base image of containers: the pull side of the OCI distribution specification, with one image
/// of one layer. It is no more than the command's file needs of a system: this machine's own loader and libraries, and a user.
/// </summary>
internal sealed class OciRegistry : IDisposable
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, (string Type, byte[] Content)> _contents = [];

    /// <param name="libraries">Files that are in the image at the paths where they are here.</param>
    public OciRegistry(IEnumerable<string> libraries)
    {
        var port = Ports.Free();
        var layer = Layer(libraries, out var uncompressed);
        var config = Json(new
        {
            architecture = "amd64",
            os = "linux",
            config = new { Env = new[] { "PATH=/usr/bin" } },
            rootfs = new { type = "layers", diff_ids = new[] { uncompressed } },
            history = new[] { new { created_by = "test" } },
        });
        var manifest = Json(new
        {
            schemaVersion = 2,
            mediaType = ManifestType,
            config = new { mediaType = "application/vnd.oci.image.config.v1+json", digest = Digest(config), size = config.Length },
            layers = new[] { new { mediaType = "application/vnd.oci.image.layer.v1.tar+gzip", digest = Digest(layer), size = layer.Length } },
        });
        _contents[$"blobs/{Digest(config)}"] = ("application/octet-stream", config);
        _contents[$"blobs/{Digest(layer)}"] = ("application/octet-stream", layer);
        _contents["manifests/1"] = _contents[$"manifests/{Digest(manifest)}"] = (ManifestType, manifest);

        Image = $"localhost:{port}/base:1";
        _listener.Prefixes.Add($"http://localhost:{port}/");
        _listener.Start();
        _ = ServeAsync();
    }

    public string Image { get; }

    public void Dispose() => _listener.Close();

    private static byte[] Layer(IEnumerable<string> libraries, out string uncompressed)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            foreach (var library in libraries) writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, library[1..]) { DataStream = new MemoryStream(File.ReadAllBytes(library)), Mode = (UnixFileMode)0b111_101_101 });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "etc/passwd") { DataStream = new MemoryStream("app:x:1654:1654::/home/app:/bin/false\n"u8.ToArray()) });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "tmp/") { Mode = (UnixFileMode)0b001_111_111_111 });
            foreach (var folder in (string[])["proc/", "dev/"]) writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, folder) { Mode = (UnixFileMode)0b111_101_101 });
        }
        uncompressed = Digest(tar.ToArray());
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(tar.ToArray());
        return packed.ToArray();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            Answer(context.Request, context.Response);
        }
    }

    private void Answer(HttpListenerRequest request, HttpListenerResponse response)
    {
        response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        var path = request.Url!.AbsolutePath;
        if (path == "/v2/") response.StatusCode = 200;
        else if (path.StartsWith("/v2/base/", StringComparison.Ordinal) && _contents.TryGetValue(path["/v2/base/".Length..], out var found))
        {
            response.ContentType = found.Type;
            response.ContentLength64 = found.Content.Length;
            response.Headers["Docker-Content-Digest"] = Digest(found.Content);
            if (request.HttpMethod == "GET") response.OutputStream.Write(found.Content);
        }
        else response.StatusCode = 404;
        response.Close();
    }

    private static byte[] Json(object content) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(content));

    private static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
}
