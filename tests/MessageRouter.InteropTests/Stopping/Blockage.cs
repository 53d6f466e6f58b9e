namespace MessageRouter.InteropTests.Stopping;

/// <summary>Something in or around a node that keeps messages from getting on, or a thread from coming back.</summary>
/// <param name="Filter">The block of the filter <c>stuck</c>; null where an output has that name.</param>
/// <param name="Output">The block of the output <c>stuck</c>, in which PORT stands for a free port; null where a filter has that name.</param>
/// <param name="More">What else stands in the node.</param>
/// <param name="Redirect">Descriptors of the process that are a pipe which is full and never read.</param>
/// <param name="Unread">The type of a ZeroMQ peer that connects to the output and reads nothing; null for none.</param>
/// <param name="WhenFlooded">The exit code of a node that has messages.</param>
/// <param name="WhenIdle">The exit code of a node that has none.</param>
internal sealed record Blockage(
    string? Filter = null, string? Output = null, string More = "", string Redirect = "", string? Unread = null, int WhenFlooded = 75, int WhenIdle = 0)
{
    public static readonly IReadOnlyDictionary<string, Blockage> All = new Dictionary<string, Blockage>
    {
        ["a pipe that nobody reads"] = new(Output: "type = file, path = held.fifo"),
        ["a full standard output"] = new(Output: "type = stdout", Redirect: ">&9"),
        ["a full standard error"] = new(Filter: """type = csharp, code = "throw new Exception(message.ToString());" """, Redirect: "2>&9"),
        ["a full standard output and error"] = new(Output: "type = stdout", Redirect: ">&9 2>&9"),
        ["a puller that reads nothing"] = new(Output: """type = zeromq, socket-type = push, bind = "tcp://127.0.0.1:PORT" """, Unread: "PULL"),
        ["a subscriber that reads nothing"] = new(Output: """type = zeromq, socket-type = pub, bind = "tcp://127.0.0.1:PORT", high-water-mark = 0, subscribe-delay = 20s""", Unread: "SUB"),
        ["a puller of NetMQ that reads nothing"] = new(Output: """type = zeromq, socket-type = push, bind = "tcp://127.0.0.1:PORT", engine = netmq, high-water-mark = 0, linger = 500ms""", Unread: "PULL"),
        ["a worker that reads nothing"] = new(Output: """type = distributor, bind = "tcp://127.0.0.1:PORT" """, Unread: "PULL"),
        ["a filter that loops"] = new(Filter: """type = csharp, code = "while (true) { }" """),
        ["a pool that sleeps"] = new(Filter: """type = csharp, code = "System.Threading.Thread.Sleep(System.Threading.Timeout.Infinite); return message;", instances = 4"""),
        ["a filter that waits for its next attempt"] = new(Filter: """type = csharp, code = "throw new Exception();", retry { attempts = 3, backoff = 10m }""", More: "errors { type = null }", WhenFlooded: 0),
        ["a worker process that ignores SIGTERM"] = new(
            Output: "type = null", More: """workers { deaf { command = [sh, -c, "trap '' TERM; while :; do sleep 1; done"], stop-timeout = 500ms } }""", WhenFlooded: 0),
        ["a worker process that is stopped"] = new(
            Output: "type = null", More: """workers { hung { command = [sh, -c, "kill -STOP $$; sleep 1h"], stop-timeout = 500ms } }""", WhenFlooded: 0),
        ["a full disk"] = new(Output: "type = file, path = /dev/full"),
    };
}
