using MessageRouter.Configuration;
using MessageRouter.Control;
using MessageRouter.Hosting;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Control;

public sealed class ControlReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_is_said_of_it_where_there_is_no_block() => Assert.Null(Read(""));

    [Fact]
    public void Off_is_off() => Assert.Null(Read("control = off")!.Options);

    [Fact]
    public void Every_key_is_read_and_paths_are_relative_to_the_file()
    {
        var options = Read("""
            control {
              socket = run/node.sock
              http {
                bind = "0.0.0.0:9600", token-file = token, allow-from = ["10.0.0.0/8", "::1/128"], public = [metrics, health], hosts = [logs.example]
                tls { certificate = cert.pem, key = /etc/key.pem, client-authority = ca.pem }
              }
              otlp { endpoint = "http://collector:4318/v1/metrics", protocol = http, interval = 30s, headers-file = headers }
              health { full-for = 1m, busy-for = 5s, drops-per-second = 0.5, errors-per-second = 3 }
            }
            """)!.Options!;

        Assert.Equal(_folder["run/node.sock"], options.Socket);
        Assert.Equal(("0.0.0.0:9600", _folder["token"]), (options.Http!.Bind, options.Http.TokenFile));
        Assert.Equal(["10.0.0.0/8", "::1/128"], options.Http.AllowFrom);
        Assert.Equal(["metrics", "health"], options.Http.Public);
        Assert.Equal((_folder["cert.pem"], "/etc/key.pem", _folder["ca.pem"]), (options.Http.Tls!.Certificate, options.Http.Tls.Key, options.Http.Tls.ClientAuthority));
        Assert.Equal((OtlpProtocol.Http, TimeSpan.FromSeconds(30), _folder["headers"]), (options.Otlp!.Protocol, options.Otlp.Interval, options.Otlp.HeadersFile));
        Assert.Equal(new HealthOptions { FullFor = TimeSpan.FromMinutes(1), BusyFor = TimeSpan.FromSeconds(5), DropsPerSecond = 0.5, ErrorsPerSecond = 3 }, options.Health);
    }

    [Theory]
    [InlineData("control = on", "`control` must be a block, or off")]
    [InlineData("control { htpp { } }", "unknown key `htpp` for `control` of the router")]
    [InlineData("control { http { } }", "`http` of `control` of the router needs a key `bind`")]
    [InlineData("""control { http { bind = "9600" } }""", "`http` of `control` of the router: `bind` must be an IP address and a port, such as 127.0.0.1:9600 or [::]:9600")]
    [InlineData("""control { http { bind = "::1" } }""", "`http` of `control` of the router: `bind` must be an IP address and a port")]
    [InlineData("""control { http { bind = "localhost:9600" } }""", "`http` of `control` of the router: `bind` must be an IP address and a port")]
    [InlineData("""control { http { bind = "0.0.0.0:9600" } }""", "`http` of `control` of the router: `bind` can be reached from other machines, so it needs a `token-file`, or `tls` with a `client-authority`; or bind 127.0.0.1")]
    [InlineData("""control { http { bind = "[::]:9600", tls { certificate = a, key = b } } }""", "`http` of `control` of the router: `bind` can be reached from other machines")]
    [InlineData("""control { http { bind = "127.0.0.1:9600", allow-from = ["10.0.0.0"] } }""", "`http` of `control` of the router: `allow-from` has `10.0.0.0`, which is no network")]
    [InlineData("""control { http { bind = "127.0.0.1:9600", public = [status] } }""", "`http` of `control` of the router: `public` has `status`; only metrics and health")]
    [InlineData("""control { http { bind = "127.0.0.1:9600", tls { key = b } } }""", "`tls` of `http` of `control` of the router needs a key `certificate`")]
    [InlineData("control { socket = off }", "`control` of the router: `socket` is all that there is, and `off`; write control = off")]
    [InlineData("""control { otlp { endpoint = "collector:4317" } }""", "`otlp` of `control` of the router: `endpoint` must be an address such as http://collector:4317")]
    [InlineData("""control { otlp { endpoint = "http://c", interval = 10ms } }""", "`otlp` of `control` of the router: `interval` must be at least 1s")]
    [InlineData("control { health { full-for = -1s } }", "`full-for` of `health` of `control` of the router: expected a duration")]
    [InlineData("control { health { drops-per-second = -1 } }", "`health` of `control` of the router: `drops-per-second` must not be negative")]
    public void Says_what_is_wrong_and_where(string control, string problem)
    {
        var exception = Assert.Throws<ConfigurationException>(() => Read(control));

        var diagnostic = exception.Diagnostics[0];
        Assert.StartsWith(problem, diagnostic.Message, StringComparison.Ordinal);
        Assert.NotNull(diagnostic.Span);
    }

    [Fact]
    public void The_builder_goes_through_the_same_reader()
    {
        var node = new RouterBuilder().Input("in", "null", null, "out").Output("out", "null").WithControl(new { Http = new { Bind = "127.0.0.1:0" } }).Build();

        Assert.Equal("127.0.0.1:0", node.Control!.Options!.Http!.Bind);
        Assert.True(new RouterBuilder().Input("in", "null", null, "out").Output("out", "null").WithControl().Build().Control!.Options!.HasSocket);
    }

    private ControlDefinition? Read(string control)
    {
        File.WriteAllText(_folder["node.conf"], $$"""
            router {
              inputs { in { type = null, to = out } }
              outputs { out { type = null } }
              {{control}}
            }
            """);
        return new RouterBuilder().FromFiles(_folder["node.conf"]).Build().Control;
    }
}
