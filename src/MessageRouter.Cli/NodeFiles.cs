using System.CommandLine;
using MessageRouter.Cli.Help;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Reloading;
using MessageRouter.Routing;

namespace MessageRouter.Cli;

/// <summary>Nodes described by files, and the one that comes with the program.</summary>
internal static class NodeFiles
{
    private const string Example = "example.conf";

    /// <summary>The argument that names files.</summary>
    public static Argument<string[]> Argument(Command command, ArgumentArity arity)
    {
        var files = new Argument<string[]>("FILE") { Arity = arity, Description = "HOCON files, or folders with *.conf; later ones win over earlier ones." };
        files.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Select(token => token.Value).Where(UsageErrors.LooksLikeOption))
                result.AddError(UsageErrors.Unknown(command, token));
        });
        command.Add(files);
        return files;
    }

    /// <summary>Reads a node and says what is questionable about it.</summary>
    /// <exception cref="ConfigurationException">Something is wrong with it.</exception>
    public static NodeDefinition Read(IReadOnlyList<string> files, IReadOnlyList<string> overrides, Surroundings surroundings)
    {
        return Check(Document(files, overrides, surroundings), surroundings);
    }

    /// <summary>Reads a node again, for who tells himself what is questionable about it.</summary>
    /// <exception cref="ConfigurationException">Something is wrong with it.</exception>
    public static Reading ReadAgain(IReadOnlyList<string> files, IReadOnlyList<string> overrides, Surroundings surroundings) =>
        new(NodeReader.Read(Document(files, overrides, surroundings), BuiltIns.Registry(), out var warnings), warnings);

    /// <summary>Reads what was brought to a node, in place of its own files.</summary>
    /// <exception cref="ConfigurationException">Something is wrong with it.</exception>
    public static Reading ReadBrought(BroughtConfiguration brought, IReadOnlyList<string> files, IReadOnlyList<string> overrides, Surroundings surroundings) =>
        new(NodeReader.Read(BroughtReader.Read(brought, files, Reading(surroundings) with { Overrides = overrides }), BuiltIns.Registry(), brought.Own, out var warnings), warnings);

    /// <summary>How files are read: what may come from a program that never writes it is not waited for without a word.</summary>
    public static HoconReaderOptions Reading(Surroundings surroundings) => new()
    {
        Environment = surroundings.Environment,
        Waits = name => surroundings.Error.WriteLine(Zmtp.SafeText.Of($"Waiting for `{name}`{(Zmtp.FileKind.IsSpecial(name) ? ", a pipe or device: nothing has come to its end there yet" : ", which takes long to be read")}; Ctrl-C ends this.")),
    };

    /// <summary>What files amount to; without any it is the node that comes with the program.</summary>
    /// <exception cref="ConfigurationException">A folder among them has no files.</exception>
    public static HoconDocument Document(IReadOnlyList<string> files, IReadOnlyList<string> overrides, Surroundings surroundings)
    {
        var options = Reading(surroundings) with { Overrides = overrides };
        return files.Count > 0
            ? HoconReader.ReadFiles(FileArguments.Expand(files), options) with { Files = files }
            : HoconReader.ReadText(Example, ExampleText(), options);
    }

    /// <inheritdoc cref="Read"/>
    public static NodeDefinition Check(HoconDocument document, Surroundings surroundings)
    {
        var node = NodeReader.Read(document, BuiltIns.Registry(), out var warnings);
        surroundings.Error.Write(DiagnosticPrinter.Print(warnings));
        return node;
    }

    /// <summary>Reads a node that is about to start, and says what is questionable about it and is not said by the node itself.</summary>
    /// <exception cref="ConfigurationException">Something is wrong with it.</exception>
    public static NodeDefinition ReadToStart(IReadOnlyList<string> files, IReadOnlyList<string> overrides, Surroundings surroundings)
    {
        var reading = ReadAgain(files, overrides, surroundings);
        surroundings.Error.Write(DiagnosticPrinter.Print(reading.Warnings.Where(warning => !warning.IsSaidAtStart)));
        return reading.Definition;
    }

    private static string ExampleText()
    {
        using var stream = typeof(NodeFiles).Assembly.GetManifestResourceStream(Example)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
