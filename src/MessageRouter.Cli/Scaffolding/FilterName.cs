using System.Globalization;
using System.Text.RegularExpressions;
using MessageRouter.Zmtp;

namespace MessageRouter.Cli.Scaffolding;

/// <summary>What a new filter is called, derived as template.json has it for <c>dotnet new</c>.</summary>
/// <param name="Project">The project and its assembly: the name as it was given.</param>
/// <param name="Namespace">The namespace: <c>my-filter</c> becomes <c>MyFilter</c>.</param>
/// <param name="Class">The class: the last part of the namespace with the suffix of all filters.</param>
internal sealed partial record FilterName(string Project, string Namespace, string Class)
{
    private const int LongestName = 100;

    /// <summary>What the project uses; as a part of its own namespace each would hide what is meant.</summary>
    private static readonly string[] Taken =
        ["Akka", "Assert", "Description", "Fact", "FilterActor", "Message", "MessageRouter", "Microsoft", "Newtonsoft", "RouterTestKit", "System", "Task", "Tests", "Xunit"];

    /// <exception cref="CommandException">It cannot name a project.</exception>
    public static FilterName Parse(string name)
    {
        if (name.Length > LongestName || !Valid().IsMatch(name))
            throw CommandException.Usage($"`{SafeText.Of(name)}` cannot name a filter; use letters, digits, `-`, `_` and dots, each part beginning with a letter: Acme.Redact, redact, my-filter");
        var title = CultureInfo.InvariantCulture.TextInfo.ToTitleCase(BetweenWords().Replace(name, " "));
        var space = title.Replace(" ", "", StringComparison.Ordinal);
        if (space.Split('.').FirstOrDefault(part => Taken.Contains(part, StringComparer.OrdinalIgnoreCase)) is { } taken)
            throw CommandException.Usage($"`{name}` cannot name a filter: the project needs `{taken}` for something else; add a word, such as `my-{taken.ToLowerInvariant()}`");
        return new FilterName(name, space, Suffix().Replace(space[(space.LastIndexOf('.') + 1)..], "$1Filter"));
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z][A-Za-z0-9_-]*)*\z")]
    private static partial Regex Valid();

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[-_]+")]
    private static partial Regex BetweenWords();

    [GeneratedRegex("^(.+?)(Filter)?$")]
    private static partial Regex Suffix();
}
