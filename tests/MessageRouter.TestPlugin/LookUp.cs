using System.ComponentModel;
using MessageRouter;
using MessageRouter.Components;

namespace Acme.Filters;

/// <summary>Adds what a file says.</summary>
public sealed class LookUp(LookUp.Options options) : AsyncFilterActor
{
    protected override async Task<Message?> FilterAsync(Message message, CancellationToken cancellation)
    {
        var text = await File.ReadAllTextAsync(options.File, cancellation);
        return message.Edit(body => body["found"] = text);
    }

    /// <summary>The filter's keys.</summary>
    /// <param name="File">The file.</param>
    public sealed record Options([Description("the file")] string File);
}
