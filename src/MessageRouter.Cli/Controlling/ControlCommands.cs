using System.CommandLine;
using System.Globalization;
using MessageRouter.Cli.Running;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Cli.Controlling;

/// <summary>The commands that look at running nodes and lead them, and what they have in common.</summary>
internal static class ControlCommands
{
    public static IEnumerable<Command> All(Surroundings surroundings) =>
    [
        NodesCommand.Create(surroundings), StatusCommand.Create(surroundings), HealthCommand.Create(surroundings), TopCommand.Create(surroundings),
        TapCommand.Create(surroundings), ReloadCommand.Create(surroundings), StopCommand.Create(surroundings), ResizeCommand.Create(surroundings),
    ];

    /// <summary>What a command may take to end when it was told to: it may be at a pipe that nobody reads or writes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Has a command do something until Ctrl-C ends it, or nobody reads what it writes.</summary>
    /// <param name="command">The command.</param>
    /// <param name="surroundings">What it has around it.</param>
    /// <param name="action">What it does; gives the exit code.</param>
    /// <param name="takesItsTime">Whether it has something to put right when it was told to end; a second signal ends it all the same.</param>
    public static void Does(this Command command, Surroundings surroundings, Func<ParseResult, CancellationToken, Task<int>> action, bool takesItsTime = false) => command.SetAction(async (parsed, _) =>
    {
        // A signal may come at any time: it is not disposed of.
        var ended = new CancellationTokenSource();
        using var listening = surroundings.Signals.Listen(End, End);
        try
        {
            return await action(parsed, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (NobodyReadsException)
        {
            return ExitCode.Done;
        }

        void End()
        {
            var again = ended.IsCancellationRequested;
            ended.Cancel();
            if (!surroundings.OwnsProcess || (takesItsTime && !again)) return;
            new Thread(() =>
            {
                new ManualResetEventSlim().Wait(Patience);
                ProcessEnd.Now(ExitCode.Interrupted, Patience);
            })
            { IsBackground = true, Name = "end" }.Start();
        }
    });

    /// <summary><c>--format</c>, of which the first is the default.</summary>
    public static Option<string> Format(Command command, params string[] formats)
    {
        if (formats.Length == 0) formats = ["text", "json"];
        var option = new Option<string>("--format") { HelpName = string.Join('|', formats), Description = "How it is written.", DefaultValueFactory = _ => formats[0] };
        option.Validators.Add(result =>
        {
            if (!formats.Contains(result.GetValueOrDefault<string>())) result.AddError($"`--format` takes {string.Join(", ", formats[..^1])} or {formats[^1]}");
        });
        command.Add(option);
        return option;
    }

    /// <summary>An option that is a time, written as in the files.</summary>
    public static Option<string?> Duration(Command command, string name, string description)
    {
        var option = new Option<string?>(name) { HelpName = "TIME", Description = description };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !TryTime(text, out _)) result.AddError($"`{name}` takes a time with its unit, such as 500ms, 10s or 5m");
        });
        command.Add(option);
        return option;
    }

    /// <summary>An option that is a number of things, at least one.</summary>
    public static Option<string?> Count(Command command, string name, string description)
    {
        var option = new Option<string?>(name) { HelpName = "N", Description = description };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !TryCount(text, out _)) result.AddError($"`{name}` takes a number, 1 or more");
        });
        command.Add(option);
        return option;
    }

    public static TimeSpan? Time(this ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is { } text && TryTime(text, out var time) ? time : null;

    public static long? Number(this ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is { } text && TryCount(text, out var count) ? count : null;

    private static bool TryCount(string text, out long count) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0;

    /// <remarks>A number alone would be milliseconds, as in the files, and is mostly meant as seconds.</remarks>
    private static bool TryTime(string text, out TimeSpan time)
    {
        time = default;
        if (text.Length == 0 || char.IsAsciiDigit(text[^1]) || !HoconQuantity.TryDuration(text, out var ticks, out var tooLarge)) return false;
        if (tooLarge || ticks < TimeSpan.TicksPerMillisecond || ticks > TimeSpan.FromDays(24).Ticks) return false;
        time = TimeSpan.FromTicks((long)ticks);
        return true;
    }
}
