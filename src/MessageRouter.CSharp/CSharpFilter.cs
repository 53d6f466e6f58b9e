using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using MessageRouter.Components;
using Microsoft.Extensions.Logging;
using Newtonsoft.Json;

namespace MessageRouter.CSharp;

/// <summary>
/// Runs C# that stands in the configuration and is compiled when that is read. It keeps nothing from one message to the
/// next, so that a new instance would do no better: what it throws costs no restart.
/// </summary>
internal sealed partial class CSharpFilter(CSharpFilter.Options options, ILogger logger, TimeProvider clock) : FilterActor, IExplains
{
    private const int LongestShown = 80;

    private readonly Func<Message, Message?> _script = options.Script.Create(logger, clock);

    /// <remarks>What the script decides is seen by what it does; what it has read of the message is what it named.</remarks>
    public IEnumerable<Reason> Explain(Message message)
    {
        var (key, text) = options.When is { } condition ? ("when", condition) : ("code", options.Code ?? "");
        var fields = FieldPattern().Matches(text).Select(match => match.Groups["path"].Value).Distinct().Select(path => $"`{path}` is {Shown(message, path)}").ToList();
        if (fields.Count > 0) yield return new Reason($"its `{key}` says so, where {string.Join(", ", fields)}", key);
        else yield return new Reason($"its `{key}` says so", key);
    }

    protected override Message? Filter(Message message) => _script(message);

    private protected override bool Escalates(Exception exception) => false;

    private static string Shown(Message message, string path)
    {
        try
        {
            return message.Field(path) is { } value ? Cut(value.ToString(Formatting.None)) : "not there";
        }
        catch (FormatException)
        {
            return "no path";
        }
    }

    private static string Cut(string text) => text.Length > LongestShown ? text[..LongestShown] + "…" : text;

    /// <summary>Fields that stand in the script as texts.</summary>
    [GeneratedRegex("""message(\[|\.Field\()\s*"(?<path>(\\.|[^"\\])+)"\s*[\])]""", RegexOptions.CultureInvariant)]
    private static partial Regex FieldPattern();

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
