using MessageRouter.Control;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Control;

public sealed class OtlpHeadersTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void A_file_has_a_header_a_line_with_any_value() => Assert.Equal(
        [("Authorization", "Basic YTpi=="), ("x-list", "a,b=%20c"), ("x-empty", "")],
        Read("# keys\nAuthorization = Basic YTpi==\n\nx-list=a,b=%20c\nx-empty=\n").OtlpHeaders);

    [Theory]
    [InlineData("a=b\nsecret", "Line 2 is not `name=value`")]
    [InlineData("=secret", "Line 1 is not `name=value`")]
    [InlineData("a b=secret", "Line 1 does not begin with the name of a header")]
    [InlineData("Content-Length=secret", "Line 1 does not begin with the name of a header")]
    public void A_line_that_is_none_is_refused_without_showing_what_is_in_it(string text, string problem)
    {
        var exception = Assert.Throws<ControlStartException>(() => Read(text));

        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", exception.ToString().Replace(_folder.Path, "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private Secrets Read(string text)
    {
        var file = Path.Combine(_folder.Path, "headers");
        File.WriteAllText(file, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return Secrets.Read(new ControlDefinition { Options = new ControlOptions { Otlp = new OtlpOptions { Endpoint = new Uri("http://collector:4317"), HeadersFile = file } } });
    }
}
