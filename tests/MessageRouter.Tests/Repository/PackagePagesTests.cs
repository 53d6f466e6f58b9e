using System.Reflection;
using System.Text.RegularExpressions;
using MessageRouter.Client;
using MessageRouter.Extensions.Logging;
using NLog.Targets.MessageRouter;
using Serilog;

namespace MessageRouter.Tests.Repository;

/// <summary>Whatever can be set is on the page of its package, and what tells how it goes.</summary>
public partial class PackagePagesTests
{
    public static TheoryData<string, string[]> Names => new()
    {
        { "MessageRouter.Client", [.. Properties(typeof(MessageClientOptions)), nameof(MessageClient.Statistics), nameof(MessageClient.LastError), nameof(MessageClient.ConnectionFailed), nameof(MessageClient.Dropped)] },
        {
            "MessageRouter.Extensions.Logging",
            [
                .. Properties(typeof(MessageRouterLoggerOptions)), nameof(MessageRouterLoggerProvider), nameof(MessageRouterLoggerProvider.Statistics), nameof(MessageRouterLoggerProvider.LastError),
                nameof(MessageRouterLoggerProvider.ConnectionFailed), nameof(MessageRouterLoggerProvider.OptionsRefused),
            ]
        },
        { "NLog.Targets.MessageRouter", [.. Settable(typeof(MessageRouterTarget)), nameof(MessageRouterTarget.Statistics)] },
        { "Serilog.Sinks.MessageRouter", [.. typeof(MessageRouterLoggerConfigurationExtensions).GetMethod("MessageRouter")!.GetParameters().Skip(1).Select(parameter => parameter.Name!)] },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_packages_page_has_every_setting(string package, string[] names)
    {
        var code = string.Join('\n', InLine().Matches(Fenced().Replace(File.ReadAllText(Repository.File($"src/{package}/README.md")), "")).Select(match => match.Groups[1].Value));

        Assert.NotEmpty(names);
        // In a file they begin with a small letter.
        Assert.All(names, name => Assert.Matches($@"(?i)\b{name}\b", code));
    }

    private static IEnumerable<string> Properties(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(property => property.Name).Where(name => name != "EqualityContract");

    private static IEnumerable<string> Settable(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(property => property.CanWrite).Select(property => property.Name);

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InLine();
}
