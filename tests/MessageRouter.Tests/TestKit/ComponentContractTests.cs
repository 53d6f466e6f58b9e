using System.ComponentModel.DataAnnotations;
using MessageRouter.Components;
using MessageRouter.TestKit;
using MessageRouter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MessageRouter.Tests.TestKit;

public sealed class RedactContract() : ComponentContract(typeof(Redact), "fields = [password]", """{"password":"x"}""");

/// <summary>The contract fails on components that break it, each in one way.</summary>
public sealed class ComponentContractTests
{
    [Fact]
    public Task Finds_options_that_nobody_reads() =>
        FailsAsync(Of<Unread>(), contract => contract.Reads_its_options(), "takes its Options");

    [Fact]
    public Task Finds_a_component_that_cannot_start() =>
        FailsAsync(Of<NeedsWhatIsNotThere>(), contract => contract.Reads_its_options(), "could not be started");

    [Fact]
    public Task Finds_options_that_are_not_valid() =>
        FailsAsync(Of<Redact>("fieldz = [a]"), Do(contract => contract.Names_the_keys_that_are_missing()), "unknown key `fieldz`");

    [Fact]
    public Task Finds_a_component_that_takes_any_key() =>
        FailsAsync(Of<TakesTheKey>(), Do(contract => contract.Refuses_an_unknown_key()), "takes any key");

    [Fact]
    public Task Finds_errors_that_name_no_key() =>
        FailsAsync(Of<SaysNothing>("path = a"), Do(contract => contract.Names_the_keys_that_are_missing()), "names no key");

    [Fact]
    public Task Finds_a_component_that_does_not_open_again() =>
        FailsAsync(Of<OpensOnce>(), contract => contract.Survives_a_restart(), "does not open again");

    [Fact]
    public Task Finds_a_component_that_fails_on_messages_after_a_restart() =>
        FailsAsync(Of<WorksOnce>(), contract => contract.Survives_a_restart(), "has not taken the message");

    [Fact]
    public Task Finds_an_input_that_reads_no_more_after_a_restart() =>
        FailsAsync(new ReaderContract(typeof(ReadsOnce)), contract => contract.Survives_a_restart(), "has got 1 of 2 messages");

    [Fact]
    public Task Finds_an_output_that_never_delivers() =>
        FailsAsync(Of<Hoards>(), contract => contract.Survives_a_restart(), "Messages are left");

    [Fact]
    public Task Finds_counts_that_are_wrong() =>
        FailsAsync(Of<CountsTwice>(), contract => contract.Counts_every_message(), "does not balance after three messages");

    [Fact]
    public Task Finds_counts_that_are_wrong_after_a_restart() =>
        FailsAsync(Of<CountsTheRestart>(), contract => contract.Counts_every_message(), "does not balance after a restart");

    [Fact]
    public Task Finds_counts_that_are_wrong_after_a_stop() =>
        FailsAsync(Of<CountsTheStop>(), contract => contract.Counts_every_message(), "does not balance after a stop");

    [Fact]
    public Task Finds_a_component_that_keeps_the_node_from_stopping() =>
        FailsAsync(Of<KeepsTheLast>(), contract => contract.Counts_every_message(), "The node does not stop");

    [Fact]
    public Task Finds_timers_that_are_left_running() =>
        FailsAsync(Of<LeavesATimer>(), contract => contract.Leaves_nothing_open(), "are still running");

    [Fact]
    public Task Finds_a_close_that_throws() =>
        FailsAsync(Of<CannotClose>(), contract => contract.Leaves_nothing_open(), "Close of CannotClose threw");

    [Fact]
    public async Task Finds_what_cannot_be_opened_a_second_time()
    {
        using var folder = new TempFolder();
        await FailsAsync(Of<LeavesTheFile>($"path = \"{folder["left"]}\""), contract => contract.Leaves_nothing_open(), "could not be started");
    }

    [Fact]
    public Task Lets_the_author_see_what_is_left_open() =>
        FailsAsync(new AuthorsContract(), contract => contract.Leaves_nothing_open(), "the author looks");

    [Fact]
    public Task Asks_for_the_source_of_an_input() =>
        FailsAsync(Of<ReadsAlways>(), contract => contract.Survives_a_restart(), "Override FeedAsync");

    [Fact]
    public async Task Lets_a_good_input_pass()
    {
        await PassesAsync(new ReaderContract(typeof(ReadsAlways)), contract => contract.Survives_a_restart());
        await PassesAsync(new ReaderContract(typeof(ReadsAlways)), contract => contract.Counts_every_message());
        await PassesAsync(new ReaderContract(typeof(ReadsAlways)), contract => contract.Leaves_nothing_open());
    }

    private static Contract Of<TComponent>(string options = "") => new(typeof(TComponent), options);

    private static Func<ComponentContract, Task> Do(Action<ComponentContract> action) => contract =>
    {
        action(contract);
        return Task.CompletedTask;
    };

    private static async Task PassesAsync(ComponentContract contract, Func<ComponentContract, Task> test)
    {
        await contract.InitializeAsync();
        try
        {
            await test(contract);
            await contract.DisposeAsync();
        }
        finally
        {
            contract.Dispose();
        }
    }

    private static async Task FailsAsync(ComponentContract contract, Func<ComponentContract, Task> test, string expected)
    {
        await contract.InitializeAsync();
        try
        {
            var exception = await Record.ExceptionAsync(() => test(contract));

            Assert.NotNull(exception);
            Assert.Contains(expected, exception.Message);

            // What is left of such a component may fail here too.
            await Record.ExceptionAsync(contract.DisposeAsync);
        }
        finally
        {
            contract.Dispose();
        }
    }

    private class Contract(Type component, string options = "") : ComponentContract(component, options)
    {
        protected override TimeSpan Patience => TimeSpan.FromSeconds(5);

        protected Wire Wire { get; } = new();

        protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<Shared>().AddSingleton(Wire);
    }

    private sealed class AuthorsContract() : Contract(typeof(Passes))
    {
        protected override void CheckClosed() => Assert.Fail("the author looks");
    }

    private sealed class ReaderContract(Type component) : Contract(component)
    {
        protected override Task FeedAsync(ComponentUnderTest subject)
        {
            Wire.Put();
            return Task.CompletedTask;
        }
    }

    /// <summary>What instances of one node have in common.</summary>
    private sealed class Shared
    {
        public int Opened { get; set; }
    }

    /// <summary>Where inputs read.</summary>
    private sealed class Wire
    {
        public event Action? Arrived;

        public void Put() => Arrived?.Invoke();
    }

    private class Passes : FilterActor
    {
        protected override Message? Filter(Message message) => message;
    }

    private sealed class Unread : Passes
    {
        public sealed record Options(int Size = 1);
    }

    private sealed class NeedsWhatIsNotThere(IComparer<Wire> comparer) : Passes
    {
        public IComparer<Wire> Comparer { get; } = comparer;
    }

    private sealed class TakesTheKey(TakesTheKey.Options options) : Passes
    {
        public object Read { get; } = options;

        public sealed record Options(int KeyThatNobodyHas = 1);
    }

    private sealed class SaysNothing(SaysNothing.Options options) : Passes
    {
        public object Read { get; } = options;

        public sealed record Options(string Path = "") : IValidatableObject
        {
            public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
            {
                if (Path.Length == 0) yield return new ValidationResult("something is missing");
            }
        }
    }

    private sealed class OpensOnce(Shared shared) : Passes
    {
        protected override void Open()
        {
            if (shared.Opened++ > 0) throw new IOException("no");
        }
    }

    private sealed class WorksOnce(Shared shared) : FilterActor
    {
        protected override void Open() => shared.Opened++;

        protected override Message? Filter(Message message) => shared.Opened == 1 ? message : throw new MessageException("no");
    }

    private class ReadsAlways(Wire wire) : InputActor
    {
        protected override void Open() => wire.Arrived += Take;

        protected override void Close() => wire.Arrived -= Take;

        private void Take() => Intake.TryAdd(MessageBatch.Of(Intake.NewMessage("{}"u8.ToArray())));
    }

    private sealed class ReadsOnce(Wire wire, Shared shared) : ReadsAlways(wire)
    {
        protected override void Open()
        {
            if (shared.Opened++ == 0) base.Open();
        }
    }

    private sealed class Hoards : OutputActor
    {
        protected override void WriteBatch(MessageBatch batch)
        {
        }
    }

    private sealed class CountsTwice : FilterActor
    {
        protected override Message? Filter(Message message)
        {
            Cell.Counts.Filtered.Add(1);
            return message;
        }
    }

    private sealed class CountsTheRestart(Shared shared) : Passes
    {
        protected override void Open() => Cell.Counts.Created.Add(shared.Opened++);
    }

    private sealed class CountsTheStop : Passes
    {
        protected override void Close()
        {
            if (Cell.Draining) Cell.Counts.Created.Add(1);
        }
    }

    private sealed class KeepsTheLast(Shared shared) : OutputActor
    {
        protected override void Open() => shared.Opened++;

        protected override void WriteBatch(MessageBatch batch)
        {
            if (shared.Opened == 1) Delivered(batch.Count);
        }
    }

    private sealed class LeavesATimer : Passes
    {
        protected override void Open() => Clock.CreateTimer(_ => { }, null, TimeSpan.FromDays(1), TimeSpan.FromDays(1));
    }

    private sealed class CannotClose : Passes
    {
        protected override void Close() => throw new IOException("no");
    }

    private sealed class LeavesTheFile(LeavesTheFile.Options options) : Passes
    {
        /// <summary>Without it the garbage collector would close the file some time.</summary>
        private static FileStream? _left;

        private FileStream? _file;

        protected override void Open() => _file = new FileStream(options.Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);

        protected override void Close()
        {
            if (Cell.Draining) _left = _file;
            else _file?.Dispose();
        }

        public sealed record Options(string Path);
    }
}
