using System.Net;
using System.Security.Claims;
using MessageRouter.Monitoring;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Tests.Control;

/// <summary>A node that a host looks at, with its own server or the node's.</summary>
public sealed class HostedControlTests : IDisposable
{
    private const string Node = """
        router {
          name = hosted
          inputs.in { type = generator, rate = 100, to = f }
          filters.f { type = key, key = level, match = error, instances = 2, to = nowhere }
          outputs.nowhere { type = zeromq, bind = "tcp://127.0.0.1:*" }
        }
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_application_has_the_node_where_it_maps_it_and_everything_else_as_before()
    {
        await using var application = await StartAsync(_ => { });
        using var client = Client(application);

        Assert.Equal("hosted", NodeStatus.FromJson(await client.GetStringAsync("router/v1/status")).Node);
        Assert.Contains("<title>MessageRouter</title>", await client.GetStringAsync("router/"), StringComparison.Ordinal);
        Assert.Contains("import", await client.GetStringAsync("router/assets/app.js"), StringComparison.Ordinal);
        Assert.Contains("messagerouter_component_messages_in_total", await client.GetStringAsync("router/metrics"), StringComparison.Ordinal);
        Assert.Equal("live\n", await client.GetStringAsync("router/livez"));
        using var stream = new StreamReader(await client.GetStreamAsync("router/v1/tap?component=in&side=out"));
        Assert.Equal("event: left-out", await stream.ReadLineAsync());
        Assert.Equal("home", await client.GetStringAsync(""));
        Assert.Equal("the application's own", await client.GetStringAsync("elsewhere"));
    }

    [Fact]
    public async Task What_changes_the_node_is_for_those_who_have_signed_in()
    {
        await using var application = await StartAsync(app => app.Use((context, next) =>
        {
            if (context.Request.Headers.ContainsKey("X-User")) context.User = new ClaimsPrincipal(new ClaimsIdentity("test"));
            return next(context);
        }));
        using var client = Client(application);

        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("router/v1/pools/f?instances=3", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("router/v1/stop", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("router/v1/tap?component=f&where=" + Uri.EscapeDataString("message[\"n\"] > 1"))).StatusCode);
        client.DefaultRequestHeaders.Add("X-User", "operator");
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("router/v1/pools/f?instances=3", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync("router/v1/stop", null)).StatusCode);
        await application.WaitForShutdownAsync().WaitAsync(TestNode.Patience);
    }

    [Fact]
    public async Task The_node_is_among_the_hosts_health_checks()
    {
        await using var application = await StartAsync(_ => { });
        var checks = application.Services.GetRequiredService<HealthCheckService>();

        // Nobody subscribes to what it publishes.
        HealthReport report = null!;
        await Eventually.IsTrueAsync(() => (report = checks.CheckHealthAsync().GetAwaiter().GetResult()).Status == HealthStatus.Degraded);

        var node = report.Entries["message-router"];
        Assert.StartsWith("outputs.nowhere: ", node.Description, StringComparison.Ordinal);
        Assert.Contains("no-subscriber", (string)node.Data["outputs.nowhere"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_without_a_server_has_the_nodes_own()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddMessageRouter(router => router.FromText(Node).WithControl(new { Socket = _folder["node.sock"] }));
        using var host = builder.Build();
        await host.StartAsync();
        Assert.True(File.Exists(_folder["node.sock"]));
        Assert.NotNull(host.Services.GetRequiredService<RouterNode>().Status().Watchers);

        await host.StopAsync();
        Assert.False(File.Exists(_folder["node.sock"]));
    }

    [Fact]
    public async Task Who_does_not_ask_for_it_has_none()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddMessageRouter(router => router.FromText(Node));
        using var host = builder.Build();
        await host.StartAsync();

        Assert.Null(host.Services.GetRequiredService<RouterNode>().Status().Watchers);

        await host.StopAsync();
    }

    private static async Task<WebApplication> StartAsync(Action<WebApplication> first)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddMessageRouter(router => router.FromText(Node));
        builder.Services.AddHealthChecks().AddMessageRouter();
        var application = builder.Build();
        first(application);
        application.MapGet("/", () => "home");
        application.MapMessageRouter("/router");
        application.MapFallback(() => "the application's own");
        await application.StartAsync();
        return application;
    }

    private static HttpClient Client(WebApplication application) =>
        new() { BaseAddress = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/") };
}
