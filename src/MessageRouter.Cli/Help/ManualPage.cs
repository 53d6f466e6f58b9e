using System.CommandLine;
using System.Reflection;

namespace MessageRouter.Cli.Help;

/// <summary>The manual of the program, for <c>man</c>: what all its commands say of themselves.</summary>
internal static class ManualPage
{
    private const string Name = CommandLine.Program;

    public static string Of(RootCommand root)
    {
        var page = new RoffWriter();
        page.Title(Name, section: 1, $"{Name} {Version}", "User Commands");
        page.Section("NAME");
        page.Line($@"{Name} \- {RoffWriter.Text(Lower(root.Description!))}");
        page.Section("SYNOPSIS");
        page.Line($@"\fB{RoffWriter.Text(Name)}\fR \fICOMMAND\fR [\fIARGUMENT\fR|\fIOPTION\fR].\|.\|.");
        page.Section("DESCRIPTION");
        page.Paragraph("A node is described by HOCON files: inputs take messages in, filters change them or decide which go on, outputs hand them on. A ledger accounts for every message.");
        page.Paragraph("A command line that begins with an option is one of `pass`.");
        page.Section("EXAMPLES");
        page.Examples(ExamplesFirst.Of(root));
        page.Section("COMMANDS");
        foreach (var command in All(root)) Write(page, command);
        page.Section("OPTIONS OF ALL COMMANDS");
        foreach (var option in root.Options.Where(option => !option.Hidden)) Write(page, option);
        page.Section("EXIT STATUS");
        foreach (var (code, meaning) in ExitCode.Meanings) page.Item($@"\fB{code}\fR", meaning);
        page.Section("ENVIRONMENT");
        foreach (var (name, meaning) in Surfaces.Environment) page.Item($@"\fB{RoffWriter.Text(name)}\fR", meaning);
        page.Section("FILES");
        foreach (var (path, meaning) in Surfaces.Files) page.Item($@"\fI{RoffWriter.Text(path)}\fR", meaning);
        page.Section("SEE ALSO");
        page.Line(@"\fBsystemctl\fR(1), \fBzmq\fR(7)");
        return page.ToString();
    }

    private static string Version => typeof(ManualPage).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    private static IEnumerable<Command> All(Command at) =>
        at.Subcommands.Where(command => !command.Hidden).SelectMany(command => command.Subcommands.Count == 0 ? [command] : All(command));

    private static void Write(RoffWriter page, Command command)
    {
        var path = command.Name;
        for (var at = command.Parents.OfType<Command>().First(); at is not RootCommand; at = at.Parents.OfType<Command>().First()) path = $"{at.Name} {path}";
        page.Subsection(path);
        page.Line($@"\fB{RoffWriter.Text($"{Name} {path}")}\fR{string.Concat(command.Arguments.Select(Shown))}{(command.Options.Any(option => !option.Hidden) ? @" [\fIOPTION\fR].\|.\|." : "")}");
        page.Paragraph(command.Description ?? "");
        foreach (var argument in command.Arguments) page.Item($@"\fI{RoffWriter.Text(argument.Name)}\fR", Described(argument.Description, argument.HelpName));
        foreach (var option in command.Options.Where(option => !option.Hidden)) Write(page, option);
        page.Examples(ExamplesFirst.Of(command));
    }

    private static void Write(RoffWriter page, Option option)
    {
        var names = option.Aliases.Order(StringComparer.Ordinal).Where(alias => !alias.StartsWith('/')).Prepend(option.Name).Select(name => $@"\fB{RoffWriter.Text(name)}\fR");
        page.Item(string.Join(", ", names) + (option.HelpName is { } value ? $@" \fI{RoffWriter.Text(value)}\fR" : ""), option.Description ?? "");
    }

    private static string Shown(Argument argument)
    {
        var name = $@"\fI{RoffWriter.Text(argument.Name)}\fR{(argument.Arity.MaximumNumberOfValues > 1 ? @".\|.\|." : "")}";
        return argument.Arity.MinimumNumberOfValues == 0 ? $" [{name}]" : $" {name}";
    }

    private static string Described(string? description, string? choice) => choice is null ? description ?? "" : $"{description} One of {string.Join(", ", choice.Split('|'))}.";

    private static string Lower(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..].TrimEnd('.');
}
