using MessageRouter.Components;
using MessageRouter.Json;
using MessageRouter.Zmtp;

namespace MessageRouter.Filters;

/// <summary>A filter that changes fields, one after the other; everything else stays byte for byte.</summary>
/// <typeparam name="TEdit">What is done with one field.</typeparam>
internal abstract class EditingFilter<TEdit>(IEnumerable<TEdit> edits) : PayloadFilter, IExplains
{
    private const int MostKept = 64 << 10;

    private readonly PayloadCopies _copies = new();
    private byte[] _scratch = [];
    private byte[] _other = [];
    private MessagePeer? _peer;

    /// <summary>What is done, in order.</summary>
    protected TEdit[] Edits { get; } = [.. edits];

    /// <summary>Changes a field of a JSON object.</summary>
    /// <returns>False where nothing has to be changed.</returns>
    /// <exception cref="MessageException">The field cannot be changed so.</exception>
    protected abstract bool TryEdit(ReadOnlySpan<byte> json, TEdit edit, out JsonSplice edited);

    /// <summary>The messages that are looked at from now on are those of this peer.</summary>
    protected virtual void Meet(MessagePeer? peer)
    {
    }

    /// <summary>Says what becomes of a field.</summary>
    /// <param name="message">The message as it came.</param>
    /// <param name="edit">What is done with the field.</param>
    /// <param name="index">Which edit it is.</param>
    protected abstract Reason Explain(Message message, TEdit edit, int index);

    public IEnumerable<Reason> Explain(Message message) => message.Format == MessageFormat.Json ? Edits.Select((edit, index) => Explain(message, edit, index)) : [];

    protected static string? Shown(Message message, FieldPath path) => message.TryFindField(path, out var value) ? FieldEdit.Shown(value.Raw(message.Payload.Span)) : null;

    protected sealed override Verdict Look(ReadOnlySpan<byte> payload, MessageFormat format, MessagePeer? peer, out ReadOnlyMemory<byte> edited)
    {
        if (!ReferenceEquals(peer, _peer)) Meet(_peer = peer);
        edited = default;
        var json = JsonEdit.ObjectOf(payload, format);
        var result = default(JsonSplice);
        var (isEdited, isWritten) = (false, true);
        foreach (var edit in Edits)
        {
            if (!isWritten) json = Scratch(result);
            isWritten = true;
            if (!TryEdit(json, edit, out result)) continue;
            isEdited = true;
            isWritten = false;
        }
        if (!isEdited) return Verdict.Passes;
        var written = _copies.Take(isWritten ? json.Length : result.Length);
        if (isWritten) json.CopyTo(written.Span);
        else result.WriteTo(written.Span);
        edited = written;
        return Verdict.Edited;
    }

    /// <summary>What one edit leaves to the next. It may be made of what the one before left.</summary>
    private ReadOnlySpan<byte> Scratch(JsonSplice json)
    {
        (_scratch, _other) = (_other, _scratch);
        var scratch = json.Length <= _scratch.Length ? _scratch : new byte[json.Length];
        if (scratch.Length <= MostKept) _scratch = scratch;
        json.WriteTo(scratch);
        return scratch.AsSpan(0, json.Length);
    }
}
