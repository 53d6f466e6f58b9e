using System.Net;
using MessageRouter.Benchmarks.Wire;

namespace MessageRouter.Benchmarks.Micro;

/// <summary>An HTTP server of this process that takes whatever it is sent, counts the events in it and forgets it.</summary>
internal sealed class EventCollector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly byte[] _inEach;
    private long _events;

    /// <param name="inEach">What each event has in it once.</param>
    public EventCollector(byte[] inEach)
    {
        _inEach = inEach;
        Address = $"http://127.0.0.1:{Ports.Free()}/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = TakeAllAsync();
    }

    public string Address { get; }

    public long Events => Volatile.Read(ref _events);

    public void Dispose() => _listener.Close();

    private async Task TakeAllAsync()
    {
        try
        {
            while (true) _ = TakeAsync(await _listener.GetContextAsync());
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // It has been closed.
        }
    }

    private async Task TakeAsync(HttpListenerContext context)
    {
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        Interlocked.Add(ref _events, body.GetBuffer().AsSpan(0, (int)body.Length).Count(_inEach));
        context.Response.StatusCode = (int)HttpStatusCode.OK;
        context.Response.Close();
    }
}
