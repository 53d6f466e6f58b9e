using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace MessageRouter.Tests.Clustering;

public enum Stranger
{
    OfAnotherAuthority,
    WithoutTls,
    HangsUp,
}

/// <summary>Listens where a node of a cluster is looked for, and is none.</summary>
internal sealed class StrangeListener : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly Task _listening;
    private int _connections;

    public StrangeListener(Stranger stranger)
    {
        using var made = CertificateFiles.Certificate("stranger", TimeProvider.System.GetUtcNow().AddDays(30));
        _certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        _listener.Start();
        _listening = ListenAsync(stranger);
    }

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>How many have come to their end.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _listening;
        _certificate.Dispose();
    }

    private async Task ListenAsync(Stranger stranger)
    {
        while (true)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await ServeAsync(client.GetStream(), stranger);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(NetworkStream stream, Stranger stranger)
    {
        try
        {
            if (stranger == Stranger.HangsUp) return;
            await using var tls = new SslStream(stream);
            if (stranger == Stranger.OfAnotherAuthority) await tls.AuthenticateAsServerAsync(_certificate);
            else await stream.WriteAsync("SSH-2.0-none\r\n"u8.ToArray());
            await stream.CopyToAsync(Stream.Null);
        }
        catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException)
        {
            // It is refused.
        }
        finally
        {
            Interlocked.Increment(ref _connections);
        }
    }
}
