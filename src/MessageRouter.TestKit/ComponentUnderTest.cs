using System.Text;
using MessageRouter.Components;
using MessageRouter.Json;
using MessageRouter.Ledger;

namespace MessageRouter.TestKit;

/// <summary>
/// One component at work in a node of its own: what a test sends reaches it, and what it sends is kept for the test. Its
/// full name is <c>filters.subject</c>, <c>inputs.subject</c> or <c>outputs.subject</c>.
/// </summary>
public sealed class ComponentUnderTest
{
    internal const string Sink = "outputs." + BlockReader.Sink;

    private readonly ComponentDefinition _definition;

    internal ComponentUnderTest(NodeUnderTest node, ComponentDefinition definition)
    {
        Node = node;
        _definition = definition;
    }

    /// <summary>The whole node.</summary>
    public NodeUnderTest Node { get; }

    /// <summary>The full name, such as <c>filters.subject</c>.</summary>
    public string Name => _definition.FullName;

    internal ComponentRole Role => _definition.Role;

    /// <summary>What the component has counted up to now; complete after <see cref="IdleAsync"/>.</summary>
    public ComponentLine Ledger => Node[Name];

    /// <summary>What came out up to now. An output's messages are where it writes them; this has none of them.</summary>
    public IReadOnlyList<Message> Messages => Node.Messages(Sink);

    /// <summary>What came out up to now, as text.</summary>
    public IReadOnlyList<string> Texts => [.. Messages.Select(message => message.ToString())];

    /// <summary>The messages up to now that failed.</summary>
    public IReadOnlyList<ErrorEvent> Errors => Node.Errors;

    /// <summary>
    /// Sends messages, as one batch: to a filter or an output as JSON where the text is JSON and as text where it is not; to
    /// an input as if it had read them, so that its codec checks them.
    /// </summary>
    public void Send(params IEnumerable<string> texts)
    {
        if (Role == ComponentRole.Input) Node.Send(Name, texts);
        else Send(texts.Select(ToMessage));
    }

    /// <summary>Sends messages, as one batch.</summary>
    public void Send(params IEnumerable<Message> messages) =>
        Node.Send(Role == ComponentRole.Input ? Name : "inputs." + BlockReader.Source, messages);

    /// <summary>The next messages that came out and that this has not given before, as text, when there are so many.</summary>
    /// <exception cref="TimeoutException">There are not, for as long as the kit waits; the message has the ledger and what failed.</exception>
    /// <exception cref="InvalidOperationException">The component is an output.</exception>
    public async Task<IReadOnlyList<string>> ReceiveAsync(int count, CancellationToken cancellation = default) =>
        [.. (await ReceiveMessagesAsync(count, cancellation)).Select(message => message.ToString())];

    /// <inheritdoc cref="ReceiveAsync"/>
    public Task<IReadOnlyList<Message>> ReceiveMessagesAsync(int count, CancellationToken cancellation = default) => Role != ComponentRole.Output
        ? Node.ReceiveMessagesAsync(Sink, count, cancellation)
        : throw new InvalidOperationException("An output's messages are where it writes them; wait with IdleAsync and look there.");

    /// <inheritdoc cref="NodeUnderTest.ReceiveErrorsAsync"/>
    public Task<IReadOnlyList<ErrorEvent>> ReceiveErrorsAsync(int count, CancellationToken cancellation = default) => Node.ReceiveErrorsAsync(count, cancellation);

    /// <inheritdoc cref="NodeUnderTest.IdleAsync"/>
    public Task IdleAsync(CancellationToken cancellation = default) => Node.IdleAsync(cancellation);

    /// <inheritdoc cref="NodeUnderTest.AdvanceAsync"/>
    public Task AdvanceAsync(TimeSpan time, CancellationToken cancellation = default) => Node.AdvanceAsync(time, cancellation);

    /// <inheritdoc cref="NodeUnderTest.RestartAsync"/>
    public Task RestartAsync(CancellationToken cancellation = default) => Node.RestartAsync(Name, cancellation);

    /// <inheritdoc cref="NodeUnderTest.StopAsync"/>
    public Task<LedgerSnapshot> StopAsync(CancellationToken cancellation = default) => Node.StopAsync(cancellation);

    private static Message ToMessage(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return JsonCheck.IsDocument(bytes, out _) ? Message.FromJson(bytes) : Message.FromText(text);
    }
}
