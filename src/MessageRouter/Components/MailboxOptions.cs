using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Mailboxes;

namespace MessageRouter.Components;

/// <summary>The bounds of a mailbox.</summary>
public sealed record MailboxOptions
{
    /// <summary>How many messages may wait. Default 10000, at least 1.</summary>
    [Description("How many messages may wait, at least 1.")]
    [Range(1, int.MaxValue, ErrorMessage = "must be at least 1")]
    public int Capacity { get; init; } = 10_000;

    /// <summary>
    /// How many bytes may wait, payloads and frames together. Default 16 MiB, at least 1. One message always fits into an empty mailbox,
    /// however large it is.
    /// </summary>
    [ByteSize]
    [Description("How many bytes may wait, payloads and frames together. One message always fits into an empty mailbox.")]
    [Range(typeof(long), "1", "9223372036854775807", ErrorMessage = "must be at least 1B")]
    public long MaxBytes { get; init; } = 16 << 20;

    /// <summary>
    /// What happens when it is full. Null, the default, means <see cref="Overflow.Wait"/> for what comes only from
    /// inputs that can pause, else <see cref="Overflow.DropNewest"/>.
    /// </summary>
    [Description("What happens when it is full. By default what comes only from inputs that can pause waits; else the newest is dropped.")]
    public Overflow? Overflow { get; init; }
}
