using System.ComponentModel.DataAnnotations;
using MessageRouter;
using MessageRouter.Components;

namespace Acme.Filters;

/// <summary>Never comes back from where its options say: its constructor, or the check of its options.</summary>
public sealed class Hanging : FilterActor
{
    private readonly Options _options;

    public Hanging(Options options)
    {
        _options = options;
        if (options.In == Place.Constructor) options.Hang();
    }

    protected override void Open()
    {
        if (_options.In == Place.Open) _options.Hang();
    }

    protected override Message? Filter(Message message) => message;

    public enum Place
    {
        Constructor,
        Check,
        Open,
    }

    public sealed record Options : IValidatableObject
    {
        public Place In { get; init; }

        /// <summary>A file that says that it hangs.</summary>
        public required string Sign { get; init; }

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (In == Place.Check) Hang();
            return [];
        }

        internal void Hang()
        {
            File.WriteAllText(Sign, "");
            new ManualResetEventSlim().Wait();
        }
    }
}
