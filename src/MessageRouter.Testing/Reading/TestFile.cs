using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Pools;
using MessageRouter.Routing;
using MessageRouter.Testing.Running;

namespace MessageRouter.Testing.Reading;

/// <summary>A file with a node and tests of it.</summary>
/// <param name="Name">Its name, as it was given.</param>
/// <param name="Tests">The tests, in their order.</param>
/// <param name="Diagnostics">What is wrong, or questionable.</param>
/// <param name="FilesRead">All files that it consists of.</param>
internal sealed record TestFile(string Name, IReadOnlyList<NodeTest> Tests, IReadOnlyList<Diagnostic> Diagnostics, IReadOnlyList<string> FilesRead)
{
    private const string Key = "tests";

    /// <summary>Whether there are no tests in it, and it does not mean to have any.</summary>
    public bool IsOfAnotherKind { get; private init; }

    public static TestFile Read(string path, HoconReaderOptions options)
    {
        var document = HoconReader.ReadFiles([path], options);
        List<Diagnostic> diagnostics = [];
        List<string> read = [path, .. ConfigurationFiles.Of(document)];
        var hasTests = document.Root.TryGet(Key, out var field);
        var tests = ReadNode(document, diagnostics) is { } node && hasTests ? ReadTests(node, path, field!, diagnostics, read) : [];
        if (!hasTests && document.IsWhole)
        {
            var near = document.Root.Fields.FirstOrDefault(other => Suggestion.For(other.Key, [Key]) is not null);
            diagnostics.Add(new Diagnostic(DiagnosticSeverity.Error, $"`{path}` has no `{Key}` block", near?.KeySpan, near is null ? $"write {Key} {{ \"what is to be so\" {{ send {{ … }}, expect {{ … }} }} }}" : $"did you mean `{Key}`?"));
        }
        return new TestFile(path, tests, diagnostics, [.. read.Distinct()]) { IsOfAnotherKind = !hasTests && document.IsWhole };
    }

    private static NodeDefinition? ReadNode(HoconDocument document, List<Diagnostic> diagnostics)
    {
        try
        {
            return PlacedPools.Alone(NodeReader.Read(document, BuiltIns.Registry()));
        }
        catch (ConfigurationException exception)
        {
            diagnostics.AddRange(exception.Diagnostics);
            return null;
        }
    }

    private static List<NodeTest> ReadTests(NodeDefinition node, string path, HoconField field, List<Diagnostic> diagnostics, List<string> read)
    {
        var binder = new OptionsBinder(diagnostics);
        if (field.Value is HoconObject block) return [.. block.Fields.Select(test => ReadTest(node, path, test, binder, read)).OfType<NodeTest>()];
        if (field.Value is not HoconBroken) binder.Error($"`{Key}` must be a block", field.Value.Span, $"write {Key} {{ \"what is to be so\" {{ send {{ … }}, expect {{ … }} }} }}");
        return [];
    }

    private static NodeTest? ReadTest(NodeDefinition node, string path, HoconField test, OptionsBinder binder, List<string> read)
    {
        // Null takes out a test of a file that is included.
        if (test.Value is HoconBroken or HoconScalar { Kind: HoconScalarKind.Null }) return null;
        var subject = $"test `{DiagnosticBag.Shorten(test.Key)}`";
        if (test.Value is not HoconObject block)
        {
            binder.Error($"{subject} must be a block", test.Value.Span, "write \"…\" { send { … }, expect { … } }");
            return null;
        }
        var names = new NodeNames(node, binder);
        var expecting = new ExpectReader(binder, names);
        var section = (TestSection?)binder.Bind(typeof(TestSection), block, test.KeySpan, subject, "given", "send", "expect");
        var given = BlockOf("given") is { } givenBlock ? new GivenReader(binder, names).Read(givenBlock) : new();
        var sendings = OptionsBinder.TryGetValue(block, "send", out var send) ? new SendReader(binder, names, read).Read(send.Value) : [];
        if (!block.TryGet("expect", out _)) binder.Error($"{subject} expects nothing", test.KeySpan, "write expect { output = [messages] }");
        var expectations = BlockOf("expect") is { } expectBlock ? expecting.Read(expectBlock) : [];
        return section is null ? null : new NodeTest
        {
            Name = test.Key,
            File = path,
            Place = test.KeySpan,
            Node = node,
            Given = given,
            Sendings = sendings,
            Expectations = expectations,
            ExpectsErrors = expecting.HasErrors,
            RunFor = section.RunFor,
            TimeLimit = section.TimeLimit,
            Stops = section.Stop,
        };

        HoconObject? BlockOf(string key)
        {
            if (!OptionsBinder.TryGetValue(block, key, out var field)) return null;
            if (field.Value is HoconObject found) return found;
            binder.Error($"`{key}` of {subject} must be a block", field.Value.Span, $"write {key} {{ … }}");
            return null;
        }
    }
}
