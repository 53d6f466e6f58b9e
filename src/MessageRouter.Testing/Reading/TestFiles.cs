using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Testing.Reading;

/// <summary>Finds and reads the files with tests that are named, or are in folders that are.</summary>
internal static class TestFiles
{
    /// <param name="paths">Files and folders; of a folder the <c>*.conf</c> that have tests, in the order of their names.</param>
    /// <param name="options">How HOCON is read.</param>
    public static IReadOnlyList<TestFile> Read(IReadOnlyList<string> paths, HoconReaderOptions options) =>
        [.. paths.AsParallel().AsOrdered().SelectMany(path => Directory.Exists(path) ? InFolder(path, options) : [TestFile.Read(path, options)])];

    private static IReadOnlyList<TestFile> InFolder(string folder, HoconReaderOptions options)
    {
        var paths = Directory.GetFiles(folder, "*.conf").Order(StringComparer.Ordinal);
        var files = paths.AsParallel().AsOrdered().Select(path => TestFile.Read(path, options)).Where(file => !file.IsOfAnotherKind).ToList();
        return files.Count > 0 ? files : [new TestFile(folder, [], [new Diagnostic(DiagnosticSeverity.Error, $"`{folder}` has no *.conf with a `tests` block", null)], [folder])];
    }
}
