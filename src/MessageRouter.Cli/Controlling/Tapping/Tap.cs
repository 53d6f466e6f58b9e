using System.Net.ServerSentEvents;
using System.Text.Json;
using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Zmtp;

namespace MessageRouter.Cli.Controlling.Tapping;

/// <summary>Shows the messages of one tap until it ends, and counts what it was not given.</summary>
/// <param name="format"><c>pretty</c>, <c>json</c> or <c>raw</c>.</param>
/// <param name="output">Where to.</param>
/// <param name="recording">And a file; null for none.</param>
/// <param name="longestName">Characters of the longest component's name.</param>
internal sealed class Tap(string format, OutputPipe output, Recording? recording, int longestName)
{
    private long _shown;
    private long _leftOut;
    private long _cut;
    private long _thrown;
    private string? _problem;
    private string? _reason;

    /// <summary>Whether the node has ended it because its condition does not come back.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>What is said at the end.</summary>
    public string Summary =>
        $"{Messages(_shown)}" + (_leftOut > 0 ? $", and {Messages(_leftOut)} left out so that the node is not slowed" : ", none left out")
        + (_thrown > 0 ? $"; the condition has failed on {Messages(_thrown)}{(_problem is null ? "" : $": {SafeText.Of(_problem.TrimEnd('.'))}")}" : "")
        + (_cut > 0 ? $"; {Amount.Exactly(_cut)} of them cut" : "") + (_reason is { } reason ? $". The node has ended it: {reason.TrimEnd('.')}." : ".");

    /// <param name="client">The node.</param>
    /// <param name="query">What is asked of it.</param>
    /// <param name="limit">Ends it after so many; null for never.</param>
    /// <param name="duration">Ends it after this time; null for never.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(ControlClient client, IEnumerable<KeyValuePair<string, string>> query, long? limit, TimeSpan? duration, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (duration is { } time) ending.CancelAfter(time);
        var isOn = false;
        try
        {
            await foreach (var item in client.TapAsync(query, ending.Token))
            {
                isOn = true;
                Take(item);
                if (_shown >= limit) return;
            }
            _reason ??= "it stops";
        }
        catch (CommandException exception) when (isOn && exception.ExitCode == ExitCode.Unavailable)
        {
            _reason = "it has hung up, or does not answer any more";
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Its time is over.
        }
    }

    private void Take(SseItem<string> item)
    {
        switch (item.EventType)
        {
            case "message":
                Show(item.Data);
                break;
            case "left-out":
                using (var json = JsonDocument.Parse(item.Data)) _leftOut += json.RootElement.GetProperty("count").GetInt64();
                break;
            case "where-failed":
                using (var json = JsonDocument.Parse(item.Data)) (_thrown, _problem) = (_thrown + json.RootElement.GetProperty("count").GetInt64(), TappedMessage.Text(json.RootElement, "problem") ?? _problem);
                break;
            case "end":
                using (var json = JsonDocument.Parse(item.Data)) (HasFailed, _reason) = (true, TappedMessage.Text(json.RootElement, "reason") ?? "for no reason that it tells");
                break;
        }
    }

    private void Show(string json)
    {
        _shown++;
        recording?.Add(json);
        using var document = JsonDocument.Parse(json);
        var message = new TappedMessage(document.RootElement);
        if (message.IsCut) _cut++;
        if (format == "raw") output.WriteLine(message.Payload);
        else output.WriteLine(format == "json" ? json : message.Print(longestName));
    }

    private static string Messages(long count) => count == 1 ? "1 message" : $"{Amount.Exactly(count)} messages";
}
