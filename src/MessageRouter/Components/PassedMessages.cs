using System.Diagnostics;
using MessageRouter.Zmtp;

namespace MessageRouter.Components;

/// <summary>
/// Gathers what goes on of a batch while a filter looks at one of its messages after the other. As long as every message passes as it is, that
/// is the batch itself; and what is only payloads stays only payloads, also where some of them are edited.
/// </summary>
internal sealed class PassedMessages
{
    private readonly Payloads.Builder _payloads = new();
    private readonly List<Message> _messages = [];
    private MessageBatch _batch = MessageBatch.Empty;
    private Form _form;

    /// <summary>The place of the message whose turn it is.</summary>
    public int Next { get; private set; }

    /// <summary>Messages for which nothing goes on, because the filter said so.</summary>
    public int Filtered { get; private set; }

    private enum Form
    {
        TheSame,
        Payloads,
        Messages,
    }

    public void Begin(MessageBatch batch)
    {
        _batch = batch;
        _form = Form.TheSame;
        Next = Filtered = 0;
        _payloads.Clear();
        _messages.Clear();
    }

    /// <summary>The next message goes on as it is.</summary>
    public void Keep()
    {
        if (_form != Form.TheSame) Copy(Next);
        Next++;
    }

    /// <summary>Nothing goes on for the next message.</summary>
    public void End()
    {
        Leave();
        Filtered++;
        if (_batch.PlainFormat is null) _batch[Next - 1].Receipt?.Settle(Fate.Done);
    }

    /// <summary>The next message is not these books' matter any more.</summary>
    public void Leave()
    {
        BeginCopy();
        Next++;
    }

    /// <summary>Another message goes on in place of the next one, which was <paramref name="original"/>.</summary>
    public void Replace(Message message, Message original)
    {
        BeginCopy();
        message = message.InPlaceOf(original);
        if (_form == Form.Payloads && ReferenceEquals(message.PlainDetails, _batch.PlainDetails)) _payloads.Add(message.Payload);
        else AsMessages().Add(message);
        Next++;
    }

    /// <summary>Another payload goes on in place of the next one, in a batch of nothing but payloads, of the same format and peer.</summary>
    public void Replace(ReadOnlyMemory<byte> payload)
    {
        Debug.Assert(_batch.PlainFormat is not null);
        BeginCopy();
        if (_form == Form.Payloads) _payloads.Add(payload);
        else _messages.Add(new Message(payload, _batch.PlainDetails!));
        Next++;
    }

    /// <summary>Takes what goes on.</summary>
    public MessageBatch Take()
    {
        var taken = _form switch
        {
            Form.TheSame => _batch.Slice(0, Next),
            Form.Payloads => MessageBatch.Of(_payloads.Take(), _batch.PlainDetails!),
            _ => MessageBatch.Of(_messages),
        };
        _batch = MessageBatch.Empty;
        _messages.Clear();
        return taken;
    }

    private void BeginCopy()
    {
        if (_form != Form.TheSame) return;
        _form = _batch.PlainFormat is not null && _batch.Count <= Payloads.Most ? Form.Payloads : Form.Messages;
        for (var i = 0; i < Next; i++) Copy(i);
    }

    private void Copy(int index)
    {
        if (_form == Form.Payloads) _batch.AddTo(_payloads, index);
        else _messages.Add(_batch[index]);
    }

    private List<Message> AsMessages()
    {
        if (_form == Form.Messages) return _messages;
        _form = Form.Messages;
        _messages.AddRange(MessageBatch.Of(_payloads.Take(), _batch.PlainDetails!).Messages);
        return _messages;
    }
}
