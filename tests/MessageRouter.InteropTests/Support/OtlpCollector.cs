using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MessageRouter.InteropTests.Support;

/// <summary>
/// Stands in for an OpenTelemetry collector, of which there is no Debian package: takes metrics over HTTP with protobuf, or gRPC, and reads them by the field
/// numbers of opentelemetry-proto. It is strict: what it does not know is an error, and so is a request that is not as the protocol has it.
/// </summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private const string GrpcPath = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

    private readonly WebApplication application;
    private readonly ConcurrentQueue<OtlpRequest> requests = new();
    private readonly ConcurrentQueue<string> problems = new();

    private OtlpCollector(WebApplication application) => this.application = application;

    public IReadOnlyCollection<OtlpRequest> Requests => requests;

    public IReadOnlyCollection<string> Problems => problems;

    /// <summary>Where metrics are taken: of gRPC the server's address, of HTTP the whole one.</summary>
    public string Endpoint { get; private init; } = "";

    public static async Task<OtlpCollector> StartAsync(bool isGrpc)
    {
        var port = Ports.Free();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        var collector = new OtlpCollector(builder.Build()) { Endpoint = $"http://127.0.0.1:{port}{(isGrpc ? "" : "/v1/metrics")}" };
        collector.application.Run(context => collector.TakeAsync(context, isGrpc));
        await collector.application.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task TakeAsync(HttpContext context, bool isGrpc)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        try
        {
            Check(context.Request.Method == "POST", "the method");
            Check(context.Request.Path == (isGrpc ? GrpcPath : "/v1/metrics"), "the path");
            Check(context.Request.ContentType == (isGrpc ? "application/grpc" : "application/x-protobuf"), "the content's type");
            var message = body.ToArray();
            if (isGrpc)
            {
                Check(context.Request.Headers.TE == "trailers", "the header TE");
                Check(message[0] == 0 && BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(1)) == message.Length - 5, "the frame");
                message = message[5..];
            }
            requests.Enqueue(OtlpRequest.Read(message) with { Headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase) });
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidProtocolBufferException)
        {
            problems.Enqueue(exception.Message);
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        // An empty answer says that all of it was taken.
        context.Response.ContentType = isGrpc ? "application/grpc" : "application/x-protobuf";
        if (!isGrpc) return;
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static void Check(bool isRight, string what)
    {
        if (!isRight) throw new InvalidDataException($"{what} is wrong");
    }
}

/// <summary>One push.</summary>
/// <param name="Resource">The attributes of who has pushed.</param>
/// <param name="Scope">The meter.</param>
/// <param name="Metrics">The instruments.</param>
internal sealed record OtlpRequest(IReadOnlyDictionary<string, string> Resource, string Scope, IReadOnlyList<OtlpMetric> Metrics)
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The value of a series.</summary>
    public double this[string metric, params (string Key, string Value)[] labels] =>
        Metrics.Single(known => known.Name == metric).Points.Single(point => labels.All(label => point.Labels.GetValueOrDefault(label.Key) == label.Value)).Value;

    public static OtlpRequest Read(byte[] message)
    {
        var (resource, scope, metrics) = (new Dictionary<string, string>(), "", new List<OtlpMetric>());
        Fields(message, (field, input) => Do(field == 1, () => Fields(input.ReadBytes(), (inner, resources) =>
        {
            switch (inner)
            {
                case 1: Fields(resources.ReadBytes(), (attribute, attributes) => Do(attribute == 1, () => Add(resource, attributes.ReadBytes()))); break;
                case 2: Fields(resources.ReadBytes(), (part, scopes) =>
                {
                    switch (part)
                    {
                        case 1: Fields(scopes.ReadBytes(), (name, names) => { if (name is 1 or 2) scope += $"{names.ReadString()} "; else throw Unknown(name); }); break;
                        case 2: metrics.Add(OtlpMetric.Read(scopes.ReadBytes())); break;
                        case 3: CheckSchema(scopes.ReadString()); break;
                        default: throw Unknown(part);
                    }
                });
                break;
                case 3: CheckSchema(resources.ReadString()); break;
                default: throw Unknown(inner);
            }
        })));
        return new OtlpRequest(resource, scope.TrimEnd(), metrics);
    }

    /// <summary>Calls with each field of a message; what is called reads its value.</summary>
    internal static void Fields(ByteString message, Action<int, CodedInputStream> read) => Fields(message.ToByteArray(), read);

    internal static void Fields(byte[] message, Action<int, CodedInputStream> read)
    {
        var input = new CodedInputStream(message);
        while (input.ReadTag() is not 0 and var tag) read(WireFormat.GetTagFieldNumber(tag), input);
    }

    private static void CheckSchema(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out _)) throw new InvalidDataException($"`{url}` is no schema's address");
    }

    internal static InvalidDataException Unknown(int field) => new($"field {field} is not known here");

    internal static void Do(bool isKnown, Action read)
    {
        if (!isKnown) throw new InvalidDataException("a field is not known here");
        read();
    }

    /// <summary>A key and its value, which is text or a number here.</summary>
    internal static void Add(Dictionary<string, string> attributes, ByteString message)
    {
        var (key, value) = ("", "");
        Fields(message, (field, input) =>
        {
            switch (field)
            {
                case 1: key = input.ReadString(); break;
                case 2: Fields(input.ReadBytes(), (kind, text) => value = kind switch { 1 => text.ReadString(), 3 => $"{text.ReadInt64()}", _ => throw Unknown(kind) }); break;
                default: throw Unknown(field);
            }
        });
        attributes.Add(key, value);
    }
}

/// <summary>One instrument's series.</summary>
internal sealed record OtlpMetric(string Name, string Description, string Unit, string Kind, IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)> Points)
{
    public static OtlpMetric Read(ByteString message)
    {
        var (name, description, unit, kind) = ("", "", "", "");
        var points = new List<(IReadOnlyDictionary<string, string>, double)>();
        OtlpRequest.Fields(message, (field, input) =>
        {
            switch (field)
            {
                case 1: name = input.ReadString(); break;
                case 2: description = input.ReadString(); break;
                case 3: unit = input.ReadString(); break;
                case 5:
                    kind = "gauge";
                    OtlpRequest.Fields(input.ReadBytes(), (part, gauge) => OtlpRequest.Do(part == 1, () => points.Add(Point(gauge.ReadBytes()))));
                    break;
                case 7:
                    var (temporality, isMonotonic) = (0, false);
                    OtlpRequest.Fields(input.ReadBytes(), (part, sum) =>
                    {
                        switch (part)
                        {
                            case 1: points.Add(Point(sum.ReadBytes())); break;
                            case 2: temporality = sum.ReadEnum(); break;
                            case 3: isMonotonic = sum.ReadBool(); break;
                            default: throw OtlpRequest.Unknown(part);
                        }
                    });
                    if (temporality != 2) throw new InvalidDataException($"{name} is not cumulative");
                    kind = isMonotonic ? "counter" : "sum";
                    break;
                default: throw OtlpRequest.Unknown(field);
            }
        });
        if (name.Length == 0 || description.Length == 0 || kind.Length == 0) throw new InvalidDataException($"the metric `{name}` lacks something");
        return new OtlpMetric(name, description, unit, kind, points);
    }

    private static (IReadOnlyDictionary<string, string>, double) Point(ByteString message)
    {
        var labels = new Dictionary<string, string>();
        var (value, start, time) = ((double?)null, 0UL, 0UL);
        OtlpRequest.Fields(message, (field, input) =>
        {
            switch (field)
            {
                case 2: start = input.ReadFixed64(); break;
                case 3: time = input.ReadFixed64(); break;
                case 4: value = input.ReadDouble(); break;
                case 6: value = input.ReadSFixed64(); break;
                case 7: OtlpRequest.Add(labels, input.ReadBytes()); break;
                case 8: _ = input.ReadUInt32(); break;
                default: throw OtlpRequest.Unknown(field);
            }
        });
        if (value is null || start == 0 || start > time) throw new InvalidDataException("a point lacks its value or its time");
        return (labels, value.Value);
    }
}
