using System.CommandLine;
using System.Text;
using MessageRouter.Cli.Formatting;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Cli;

/// <summary><c>message-router fmt</c>: files in the one style.</summary>
internal static class FmtCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("fmt", "Formats HOCON files in place and names those that it changes. Comments, order and meaning stay.");
        var files = NodeFiles.Argument(command, ArgumentArity.ZeroOrMore);
        files.Description = "HOCON files, or folders, of which the *.conf are taken.";
        var check = new Option<bool>("--check") { Arity = ArgumentArity.Zero, Description = "Change nothing; name what would change, and end with 1 if there is any." };
        var stdin = new Option<bool>("--stdin") { Arity = ArgumentArity.Zero, Description = "Format the standard input to the standard output, for editors." };
        command.Add(check);
        command.Add(stdin);
        command.Validators.Add(result =>
        {
            var isNamed = result.GetValue(files) is { Length: > 0 };
            if (isNamed == result.GetValue(stdin)) result.AddError(isNamed ? "a FILE and `--stdin` cannot both be formatted" : "name a FILE, or give `--stdin`");
        });
        command.SetAction(parsed => parsed.GetValue(stdin)
            ? FormatInput(surroundings, parsed.GetValue(check))
            : FormatFiles(parsed.GetValue(files)!, surroundings, parsed.GetValue(check)));
        return command;
    }

    private static int FormatFiles(IReadOnlyList<string> names, Surroundings surroundings, bool isCheck)
    {
        var changed = 0;
        var mistakes = new List<Diagnostic>();
        foreach (var file in names.SelectMany(Files))
        {
            if (Path.GetExtension(file) == ".json") throw CommandException.Usage($"`{file}` is JSON, which would be none any more; HOCON is formatted");
            if (Format(HoconReader.ReadSyntax(file, NodeFiles.Reading(surroundings)), mistakes) is not { IsChanged: true } formatted) continue;
            if (!isCheck) FileInPlace.Write(file, formatted.Text);
            surroundings.Output.WriteLine(file);
            changed++;
        }
        return Conclude(mistakes, surroundings, isCheck && changed > 0);
    }

    private static int FormatInput(Surroundings surroundings, bool isCheck)
    {
        var content = Read(surroundings);
        var mistakes = new List<Diagnostic>();
        var formatted = Format(HoconReader.ReadSyntax("stdin", content), mistakes);
        if (formatted is { } result && !isCheck)
        {
            using var output = surroundings.OpenOutput();
            output.Write(Encoding.UTF8.GetBytes(result.Text));
        }
        return Conclude(mistakes, surroundings, isCheck && formatted is { IsChanged: true });
    }

    private static byte[] Read(Surroundings surroundings)
    {
        try
        {
            using var input = surroundings.OpenInput();
            return BoundedText.Read(input);
        }
        catch (IOException exception)
        {
            throw CommandException.Unavailable($"the standard input cannot be read: {exception.Message.TrimEnd('.')}.");
        }
    }

    private static (string Text, bool IsChanged)? Format((SourceText? Source, IReadOnlyList<Diagnostic> Diagnostics) read, List<Diagnostic> mistakes)
    {
        var errors = read.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        mistakes.AddRange(errors);
        if (read.Source is null || errors.Count > 0) return null;
        var text = HoconFormatter.Format(read.Source);
        return (text, text != read.Source.Text);
    }

    private static int Conclude(List<Diagnostic> mistakes, Surroundings surroundings, bool wouldChange)
    {
        if (mistakes.Count > 0) throw new ConfigurationException(mistakes);
        if (!wouldChange) return ExitCode.Done;
        surroundings.Error.WriteLine("This is not formatted; `message-router fmt` without --check does it.");
        return ExitCode.Failed;
    }

    private static IEnumerable<string> Files(string name) =>
        Directory.Exists(name) ? Directory.GetFiles(name, "*.conf").Order(StringComparer.Ordinal) : [name];
}
