using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using MessageRouter.Clustering;
using MessageRouter.Control.Serving;
using MessageRouter.Monitoring;
using MessageRouter.Zmtp;

namespace MessageRouter.Cli.Controlling;

/// <summary>
/// Asks one running node, at its Unix domain socket or over HTTP. Nothing waits for ever: who does not answer in time is said not to. What fails is a
/// <see cref="CommandException"/> that says which node and why; what the node itself says of a mistake is passed on as it is.
/// </summary>
internal sealed class ControlClient : IAsyncDisposable
{
    /// <summary>How long a node may take for an answer, and be silent where it says something every second.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of an answer: more than a node with thousands of connections has to say.</summary>
    private const long LongestAnswer = 256 << 20;

    private readonly HttpClient _http;

    private ControlClient(HttpMessageHandler handler, Uri address, string shown, string? token)
    {
        Address = shown;
        _http = new HttpClient(handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestAnswer };
        if (token is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Where the node is: its socket's path, or its address.</summary>
    public string Address { get; }

    /// <summary>Finds the node that is meant. It is called with the first question only.</summary>
    /// <exception cref="CommandException">There is none, there are several, or the token cannot be read.</exception>
    public static ControlClient Connect(NodeChoice choice, Surroundings surroundings) =>
        choice.IsOverHttp ? AtAddress(choice) : At(choice.Control is { } path ? Path.GetFullPath(path) : NodeFinder.Find(choice, surroundings));

    /// <summary>For the node at a socket.</summary>
    public static ControlClient At(string socket)
    {
        UnixDomainSocketEndPoint endPoint;
        try
        {
            endPoint = new UnixDomainSocketEndPoint(socket);
        }
        catch (ArgumentException)
        {
            throw CommandException.Usage($"`{SafeText.Of(socket)}` is no path of a socket.");
        }
        var handler = Handler();
        handler.ConnectCallback = async (_, cancellation) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await connection.ConnectAsync(endPoint, cancellation);
                return new NetworkStream(connection, ownsSocket: true);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        };
        return new ControlClient(handler, new Uri("http://localhost/"), socket, null);
    }

    /// <summary>What goes on in the node.</summary>
    public async Task<NodeStatus> StatusAsync(CancellationToken cancellation) => Status(await StatusJsonAsync(cancellation));

    /// <inheritdoc cref="StatusAsync"/>
    public Task<string> StatusJsonAsync(CancellationToken cancellation) => AskAsync(HttpMethod.Get, "v1/status", cancellation);

    /// <summary>The same once a second, until the node is gone.</summary>
    /// <exception cref="CommandException">Nothing has come for longer than <see cref="Patience"/>, or the connection has broken.</exception>
    public async IAsyncEnumerable<NodeStatus> StatusesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var json in StatusesJsonAsync(cancellation)) yield return Status(json);
    }

    /// <inheritdoc cref="StatusesAsync"/>
    public async IAsyncEnumerable<string> StatusesJsonAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var item in EventsAsync("v1/status/stream", cancellation)) if (item.EventType == "status") yield return item.Data;
    }

    /// <summary>All nodes of the node's cluster.</summary>
    public async Task<ClusterReport> ClusterAsync(CancellationToken cancellation)
    {
        try
        {
            return ClusterReport.FromJson(await ClusterJsonAsync(cancellation));
        }
        catch (JsonException exception)
        {
            throw CommandException.Unavailable($"what the node at {Shown} tells of its cluster is not what this version knows: {exception.Message}");
        }
    }

    /// <inheritdoc cref="ClusterAsync"/>
    public Task<string> ClusterJsonAsync(CancellationToken cancellation) => AskAsync(HttpMethod.Get, "v1/cluster", cancellation);

    /// <summary>How the node is, and why.</summary>
    public Task<string> HealthJsonAsync(CancellationToken cancellation) => AskAsync(HttpMethod.Get, "v1/health", cancellation, HttpStatusCode.ServiceUnavailable);

    /// <summary>Messages as they pass, and every second how many were left out, until the node or the caller ends it.</summary>
    public IAsyncEnumerable<SseItem<string>> TapAsync(IEnumerable<KeyValuePair<string, string>> query, CancellationToken cancellation) =>
        EventsAsync($"v1/tap?{string.Join('&', query.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"))}", cancellation);

    /// <summary>Asks the node to stop; the second time, to stop at once.</summary>
    public Task<string> StopAsync(CancellationToken cancellation) => AskAsync(HttpMethod.Post, "v1/stop", cancellation);

    /// <summary>Gives a pool another size, and is done when it has that.</summary>
    public Task<string> ResizeAsync(string pool, int instances, CancellationToken cancellation) =>
        AskAsync(HttpMethod.Post, FormattableString.Invariant($"v1/pools/{Uri.EscapeDataString(pool)}?instances={instances}"), cancellation);

    /// <summary>Has the node read its configuration again. A reload takes as long as its <c>drain-timeout</c> lets it: the wait has no limit.</summary>
    public Task<string> ReloadAsync(ReloadRequest request, CancellationToken cancellation) =>
        AskAsync(HttpMethod.Post, "v1/reload", cancellation, content: Encoding.UTF8.GetBytes(ControlJson.Write(request)), limit: Timeout.InfiniteTimeSpan);

    /// <summary>Has one node of the node's cluster read its own files again. The wait has no limit, as with <see cref="ReloadAsync"/>.</summary>
    public async Task<MemberReload> ReloadMemberAsync(ClusterReloadRequest request, CancellationToken cancellation)
    {
        try
        {
            return MemberReload.FromJson(await AskAsync(HttpMethod.Post, "v1/cluster/reload", cancellation, content: Encoding.UTF8.GetBytes(ControlJson.Write(request)), limit: Timeout.InfiniteTimeSpan));
        }
        catch (JsonException exception)
        {
            throw CommandException.Unavailable($"what the node at {Shown} answers is no reload that this version knows: {exception.Message}");
        }
    }

    /// <summary>Has the node follow a message through its own configuration.</summary>
    /// <param name="input">What it comes to; null for the node's only input.</param>
    /// <param name="message">The message.</param>
    /// <param name="peer">What is known of who has sent it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<string> ExplainAsync(string? input, byte[] message, IEnumerable<string> peer, CancellationToken cancellation)
    {
        IEnumerable<string> query = [.. input is null ? Array.Empty<string>() : [$"component={Uri.EscapeDataString(input)}"], .. peer.Select(property => $"peer={Uri.EscapeDataString(property)}")];
        return AskAsync(HttpMethod.Post, query.Any() ? $"v1/explain?{string.Join('&', query)}" : "v1/explain", cancellation, content: message);
    }

    /// <summary>Asks for a path and gives the answer as it is.</summary>
    public Task<string> GetAsync(string path, CancellationToken cancellation) => AskAsync(HttpMethod.Get, path, cancellation);

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ControlClient AtAddress(NodeChoice choice)
    {
        if (!Uri.TryCreate(choice.Control, UriKind.Absolute, out var address) || address.UserInfo.Length > 0)
            throw CommandException.Usage($"`{SafeText.Of(choice.Control!)}` is no address; write http://127.0.0.1:9600.");
        return new ControlClient(Handler(), new Uri(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/"), address.GetLeftPart(UriPartial.Path).TrimEnd('/'), choice.TokenFile is { } file ? Token(file) : null);
    }

    private static SocketsHttpHandler Handler() => new() { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = ConnectPatience };

    private static string Token(string file)
    {
        try
        {
            var token = BoundedText.OfFile(file).Trim();
            return token.Length > 0 && token.All(character => character is > ' ' and <= '~') ? token : throw CommandException.Usage($"the token file `{SafeText.Of(file)}` has no token: one word.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Unavailable($"the token file `{SafeText.Of(file)}` cannot be read: {exception.Message.TrimEnd('.')}.");
        }
    }

    private NodeStatus Status(string json)
    {
        try
        {
            return NodeStatus.FromJson(json);
        }
        catch (JsonException exception)
        {
            throw CommandException.Unavailable($"what answers at {Shown} is no node that this version knows: {exception.Message}");
        }
    }

    private async Task<string> AskAsync(HttpMethod method, string path, CancellationToken cancellation, HttpStatusCode? alsoFine = null, byte[]? content = null, TimeSpan? limit = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(limit ?? Patience);
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content is null ? null : new ByteArrayContent(content) };
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, patience.Token);
            return response.StatusCode == alsoFine ? await response.Content.ReadAsStringAsync(patience.Token) : await BodyAsync(response, patience.Token);
        }
        catch (Exception exception) when (Failure(exception, cancellation) is { } failure)
        {
            throw failure;
        }
    }

    private async IAsyncEnumerable<SseItem<string>> EventsAsync(string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        HttpResponseMessage? response = null;
        IAsyncEnumerator<SseItem<string>>? events = null;
        try
        {
            while (true)
            {
                SseItem<string> item;
                try
                {
                    // Something is said every second.
                    silence.CancelAfter(Patience);
                    if (events is null)
                    {
                        using var request = new HttpRequestMessage(HttpMethod.Get, path);
                        response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
                        if (!response.IsSuccessStatusCode) await BodyAsync(response, silence.Token);
                        events = SseParser.Create(await response.Content.ReadAsStreamAsync(silence.Token)).EnumerateAsync(silence.Token).GetAsyncEnumerator(silence.Token);
                        continue;
                    }
                    if (!await events.MoveNextAsync()) break;
                    item = events.Current;
                }
                catch (Exception exception) when (Failure(exception, cancellation) is { } failure)
                {
                    throw failure;
                }
                yield return item;
            }
        }
        finally
        {
            if (events is not null) await events.DisposeAsync();
            response?.Dispose();
        }
    }

    private async Task<string> BodyAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var body = await response.Content.ReadAsStringAsync(cancellation);
        if (response.IsSuccessStatusCode) return body;
        var exitCode = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.NotPermitted,
            HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.RequestEntityTooLarge => ExitCode.Usage,
            HttpStatusCode.UnprocessableEntity => ExitCode.Configuration,
            HttpStatusCode.InternalServerError => ExitCode.Internal,
            _ => ExitCode.Unavailable,
        };
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json" && Detail(body) is { Length: > 0 } detail)
            throw new CommandException(exitCode, detail) { IsReport = detail.Contains('\n', StringComparison.Ordinal) };
        throw new CommandException(exitCode, $"the node at {Shown} answers {(int)response.StatusCode} {SafeText.Of(response.ReasonPhrase ?? "")}; is it a node?");
    }

    private static string? Detail(string body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            if (problem.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("detail", out var detail)) return null;
            return string.Join('\n', (detail.GetString() ?? "").Split('\n').Select(line => SafeText.Of(line.TrimEnd('\r'))));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <returns>What is told of a failure; null where it is none of the node's.</returns>
    private CommandException? Failure(Exception exception, CancellationToken cancellation) => exception switch
    {
        OperationCanceledException when cancellation.IsCancellationRequested => null,
        OperationCanceledException => CommandException.Unavailable(FormattableString.Invariant($"the node at {Shown} does not answer; it was waited for {Patience.TotalSeconds:0} s.")),
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.AccessDenied } } =>
            new CommandException(ExitCode.NotPermitted, $"the socket {Shown} belongs to another user; ask as that user or as root."),
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.AddressNotAvailable } } or HttpRequestException { InnerException: SocketException { NativeErrorCode: 2 } } =>
            CommandException.Unavailable($"no node is at {Shown}; `message-router nodes` lists those that run."),
        HttpRequestException or IOException => CommandException.Unavailable($"the node at {Shown} cannot be asked: {SafeText.Of((exception.InnerException ?? exception).Message.TrimEnd('.'))}."),
        _ => null,
    };

    private string Shown => SafeText.Of(Address);
}
