using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Components;

namespace MessageRouter.Inputs;

/// <summary>
/// Reads the standard input: a line is a message. At the end of the input it ends, and with the last input the node.
/// It waits when the node is full, so that an input of any size passes through bounded memory.
/// </summary>
internal sealed class StdinInput(StdinInput.Options options, IStandardStreams? streams = null) : InputActor
{
    protected override void Open()
    {
        Cell.Kept ??= new StdinReader(
            (streams ?? StandardStreams.Instance).OpenInput(), Logger, Clock);
        Reader!.Start(Intake, FailureReporter(Self), (int)options.MaxLineSize);
    }

    protected override void Close() => Reader?.Pause();

    protected override void StopReading()
    {
        if (Reader is { } reader) reader.Stop();
        else Intake.Complete();
    }

    /// <remarks>The next one goes on with the same reader.</remarks>
    private protected override void LeaveReading()
    {
        Close();
        if (Cell.IsReplaced) Intake.Complete();
        else StopReading();
    }

    private StdinReader? Reader => (StdinReader?)Cell.Kept;

    internal sealed record Options : IPausableInput, IOpensInTurn, IValidatableObject
    {
        private const long Largest = 1L << 30;

        [ByteSize]
        [Description("The longest line; a longer one is dropped and counted as too-large.")]
        public long MaxLineSize { get; init; } = 16 << 20;

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (MaxLineSize is < 1 or > Largest)
                yield return new ValidationResult("`max-line-size` must be between 1B and 1GiB; give it as 16MiB.", [nameof(MaxLineSize)]);
        }
    }
}
