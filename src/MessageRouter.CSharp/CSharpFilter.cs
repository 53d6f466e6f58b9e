using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Components;
using Microsoft.Extensions.Logging;

namespace MessageRouter.CSharp;

/// <summary>
/// Runs C# that stands in the configuration and is compiled when that is read. It keeps nothing from one message to the
/// next, so that a new instance would do no better: what it throws costs no restart.
/// </summary>
internal sealed class CSharpFilter(CSharpFilter.Options options, ILogger logger, TimeProvider clock) : FilterActor
{
    private readonly Func<Message, Message?> _script = options.Script.Create(logger, clock);

    protected override Message? Filter(Message message) => _script(message);

    private protected override bool Escalates(Exception exception) => false;

    internal sealed record Options : IValidatableObject
    {
        private CompiledScript? _script;

        [Description("A C# expression over `message`; the messages for which it is true go on. Either this or `code`.")]
        public string? When { get; init; }

        [Description("A C# body that returns what goes on: `message`, another Message, or null for nothing. Either this or `when`.")]
        public string? Code { get; init; }

        internal CompiledScript Script =>
            LazyInitializer.EnsureInitialized(ref _script, () => When is not null ? ScriptCompiler.CompileCondition(When) : ScriptCompiler.CompileBody(Code ?? ""));

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if ((When is null) == (Code is null))
            {
                return [new ValidationResult("needs either `when`, an expression, or `code`, a body; one of them")];
            }
            var member = When is not null ? nameof(When) : nameof(Code);
            return Script.Errors.Select(error => new ValueProblem(error.Message, member, error.Start, error.Length, error.Hint));
        }
    }
}
