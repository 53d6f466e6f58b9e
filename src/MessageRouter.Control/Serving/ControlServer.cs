using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MessageRouter.Control.Listening;
using MessageRouter.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Control.Serving;

/// <summary>Kestrel with the API of one node, over connections that were accepted already.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    /// <summary>Bytes of a request's body: that of a message to explain.</summary>
    public const int LargestRequest = 64 << 10;

    private static readonly TimeSpan HeadersPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IdlePatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromMilliseconds(300);

    private readonly WebApplication _application;

    private ControlServer(WebApplication application) => _application = application;

    public static async Task<ControlServer> StartAsync(RouterNode node, ControlOptions options, Secrets secrets, IReadOnlyList<ControlListener> listeners, Watchers watchers, TimeProvider clock, ILogger logger)
    {
        // Neither the environment nor files beside the process say anything to it.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "message-router" });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            Limit(kestrel.Limits);
            kestrel.AddServerHeader = false;
            foreach (var listener in listeners) kestrel.Listen(listener.EndPoint, listen => Configure(listen, listener, secrets));
        });
        builder.Services.RemoveAll<IConnectionListenerFactory>();
        builder.Services.AddSingleton<IConnectionListenerFactory>(new AcceptedConnections(listeners));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(node).AddSingleton(clock).AddSingleton(watchers).AddSingleton(logger);
        var application = builder.Build();
        application.Use(new Access(options.Http, secrets).InvokeAsync);
        application.Use(Explain);
        application.UseRouting();
        application.MapMessageRouter();
        application.UseEndpoints(_ => { });
        await application.StartAsync();
        return new ControlServer(application);
    }

    public async ValueTask DisposeAsync()
    {
        // Streams never end by themselves.
        using var patience = new CancellationTokenSource(StopPatience);
        try
        {
            await _application.StopAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // Those who still read are cut off.
        }
        await _application.DisposeAsync();
    }

    /// <summary>What routing refuses by a number alone gets its words.</summary>
    private static async Task Explain(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response.HasStarted || context.Response.ContentType is not null) return;
        var problem = context.Response.StatusCode switch
        {
            StatusCodes.Status400BadRequest => "A parameter is missing, or is not what it should be; /v1/openapi.json describes them.",
            StatusCodes.Status404NotFound => "There is no such path; /v1/openapi.json describes those that there are.",
            StatusCodes.Status405MethodNotAllowed => $"This path takes {context.Response.Headers.Allow}.",
            _ => null,
        };
        if (problem is not null) await Problem.Of(context.Response.StatusCode, problem).ExecuteAsync(context);
    }

    private static void Limit(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = LargestRequest;
        limits.MaxRequestBufferSize = LargestRequest;
        limits.RequestHeadersTimeout = HeadersPatience;
        limits.KeepAliveTimeout = IdlePatience;
        limits.MaxRequestHeadersTotalSize = 16 << 10;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxResponseBufferSize = 256 << 10;
        limits.Http2.MaxStreamsPerConnection = 32;
    }

    private static void Configure(ListenOptions listen, ControlListener listener, Secrets secrets)
    {
        listen.Protocols = HttpProtocols.Http1;
        if (listener.Path is not null || secrets.Certificate is not { } certificate) return;
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ServerCertificateChain = secrets.Chain;
            if (secrets.ClientAuthorities.Count == 0) return;
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (client, _, _) => IsTrusted(client, secrets.ClientAuthorities);
        });
    }

    private static bool IsTrusted(X509Certificate2 client, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2"));      // for clients
        return chain.Build(client);
    }
}
