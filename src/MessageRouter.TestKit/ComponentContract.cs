using System.Reflection;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Binding;
using MessageRouter.Ledger;
using Microsoft.Extensions.Logging;
using Xunit;
using Xunit.Abstractions;

namespace MessageRouter.TestKit;

/// <summary>
/// What every filter, input and output must do, as tests: derive a public class and they run. The component reads its
/// options and refuses wrong ones, survives a restart, counts every message, and leaves nothing open.
/// </summary>
/// <example>
/// <code>
/// public sealed class RedactContract() : ComponentContract(typeof(Redact), "fields = [password]", """{"password":"x"}""");
/// </code>
/// </example>
/// <param name="component">The component's class.</param>
/// <param name="options">Options that are valid, as for <see cref="RouterTestKit.StartAsync{TComponent}(string)"/>.</param>
/// <param name="message">A message that it takes without failing.</param>
/// <param name="output">Shows the node's log.</param>
public abstract class ComponentContract(Type component, string options = "", string message = "{}", ITestOutputHelper? output = null)
    : RouterTestKit(output)
{
    private const string UnknownKey = "key-that-nobody-has";

    // These say that the router dropped a message which the component should have taken.
    private static readonly string[] NotTaken =
        [DropReasons.Stopped, DropReasons.Shutdown, DropReasons.MailboxFull, DropReasons.Evicted, DropReasons.Undecodable, DropReasons.Unencodable];

    /// <summary>The class that the contract is for.</summary>
    public Type Component { get; } = component;

    /// <summary>How long the component may hold a message, in virtual time. Default not at all.</summary>
    protected virtual TimeSpan HoldsFor => TimeSpan.Zero;

    /// <summary>
    /// Brings the component one message. For filters and outputs the kit sends the contract's; an input must override this
    /// and have one come from where it reads.
    /// </summary>
    protected virtual Task FeedAsync(ComponentUnderTest subject)
    {
        if (subject.Role == ComponentRole.Input) throw new NotSupportedException($"Override {nameof(FeedAsync)}: bring {Component.Name} a message from where it reads.");
        subject.Send(message);
        return Task.CompletedTask;
    }

    /// <summary>Checks, after a stop, that what the component had opened is closed; as it stands, nothing more than the contract itself sees.</summary>
    protected virtual void CheckClosed()
    {
    }

    /// <summary>It starts with its options, and its constructor asks for them.</summary>
    [Fact]
    public async Task Reads_its_options()
    {
        await StartAsync(Component, options);

        var type = ComponentType.Of(Component);
        if (type.OptionsType is not { } optionsType) return;
        Assert.True(
            Component.GetConstructors(BindingFlags.Public | BindingFlags.Instance).Any(constructor => constructor.GetParameters().Any(parameter => parameter.ParameterType == optionsType)),
            $"No public constructor of {Component.Name} takes its {optionsType.Name}, so that nothing reads them.");
    }

    /// <summary>A key that it does not have is an error that names the key.</summary>
    [Fact]
    public void Refuses_an_unknown_key()
    {
        var findings = Findings($"{options}\n{UnknownKey} = 1");

        Assert.True(
            findings.Any(finding => finding.Message.Contains($"unknown key `{UnknownKey}`", StringComparison.Ordinal)),
            $"{Component.Name} takes any key, so that nobody is told of a slip.");
    }

    /// <summary>Each key that must be there is named where it is not; and where no key at all is given, the error names what is needed.</summary>
    [Fact]
    public void Names_the_keys_that_are_missing()
    {
        if (Findings(options) is { Count: > 0 } wrong) Assert.Fail(DiagnosticPrinter.Print(wrong));
        if (ComponentType.Of(Component).OptionsType is not { } optionsType) return;
        var keys = OptionsSchema.Of(optionsType).Keys;
        foreach (var key in keys.Where(key => key.IsRequired))
        {
            Assert.True(
                Findings($"{options}\n{key.Name} = null").Any(finding => finding.Message.Contains($"`{key.Name}`", StringComparison.Ordinal)),
                $"Without `{key.Name}` no error names it.");
        }
        foreach (var finding in Findings(""))
        {
            Assert.True(
                keys.Any(key => finding.Message.Contains($"`{key.Name}`", StringComparison.Ordinal)),
                $"This names no key of {Component.Name}: {finding.Message}");
        }
    }

    /// <summary>After it has failed and was restarted it handles messages as before; also when that happens twice in a row.</summary>
    [Fact]
    public async Task Survives_a_restart()
    {
        var subject = await StartAsync(Component, options);
        await HandleOneAsync(subject);
        await subject.RestartAsync();
        await HandleOneAsync(subject);
        await subject.RestartAsync();
        await subject.RestartAsync();
        await HandleOneAsync(subject);

        Assert.Equal(3, subject.Ledger.Restarts);
    }

    /// <summary>Its ledger balances after messages, after a restart and after a stop, and a stop loses nothing.</summary>
    [Fact]
    public async Task Counts_every_message()
    {
        var subject = await StartAsync(Component, options);
        for (var n = 1; n <= 3; n++) await HandleOneAsync(subject);
        AssertBalanced(subject, "after three messages");
        await subject.RestartAsync();
        AssertBalanced(subject, "after a restart");

        // What an input has not read yet is nobody's loss.
        if (subject.Role == ComponentRole.Input) await HandleOneAsync(subject);
        else await FeedAsync(subject);
        await subject.StopAsync();

        AssertBalanced(subject, "after a stop");
        AssertTaken(subject);
    }

    /// <summary>
    /// After a stop, and over restarts, its actor has ended, it holds no messages, none of its timers is running, closing has
    /// not failed, and the same options can be opened again.
    /// </summary>
    [Fact]
    public async Task Leaves_nothing_open()
    {
        var timersBefore = RunningTimers;
        for (var run = 1; run <= 2; run++)
        {
            var subject = await StartAsync(Component, options);
            await HandleOneAsync(subject);
            await subject.RestartAsync();
            await HandleOneAsync(subject);
            await subject.StopAsync();

            AssertTaken(subject);
            Assert.True(subject.Node.HasStoppedInTime, subject.Node.Describe($"{Component.Name} was still at work when the node had to stop."));
            var timers = RunningTimers - timersBefore;
            Assert.True(timers <= 0, $"{timers} of the timers that {Component.Name} started are still running; dispose of them in Close.");
            var failure = subject.Node.Log.FirstOrDefault(line => line.Category == subject.Name && line.Level >= LogLevel.Warning && line.Text == "Closing failed.");
            Assert.True(failure is null, $"Close of {Component.Name} threw; the node's log has the exception.");
            CheckClosed();
        }
    }

    private IReadOnlyList<Diagnostic> Findings(string text)
    {
        try
        {
            BlockReader.Read(Component, text);
            return [];
        }
        catch (ConfigurationException exception)
        {
            return exception.Diagnostics;
        }
    }

    private async Task HandleOneAsync(ComponentUnderTest subject)
    {
        var before = subject.Ledger;
        var shown = subject.Messages.Count;
        await FeedAsync(subject);
        if (subject.Role == ComponentRole.Input) await subject.Node.HasAsync(ComponentUnderTest.Sink, shown + 1);
        if (HoldsFor > TimeSpan.Zero) await subject.AdvanceAsync(HoldsFor);
        await subject.IdleAsync();

        AssertTaken(subject);
        Assert.True(subject.Ledger.In > before.In, subject.Node.Describe($"No message has reached {Component.Name}."));
    }

    private void AssertTaken(ComponentUnderTest subject)
    {
        var line = subject.Ledger;
        Assert.True(
            line is { Failed: 0, Queued: 0 } && !NotTaken.Any(line.Dropped.ContainsKey),
            subject.Node.Describe($"{Component.Name} has not taken the message that its contract gives it."));
    }

    private void AssertBalanced(ComponentUnderTest subject, string when) =>
        Assert.True(subject.Node.Ledger.Balanced, subject.Node.Describe($"The ledger of {Component.Name} does not balance {when}."));
}
