using System.Globalization;
using System.Text;
using MessageRouter.Client;
using MessageRouter.Client.Logging;
using MessageRouter.Extensions.Logging;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Tests.Client;

/// <summary>An event that is put together from its template is, byte for byte, the one whose text .NET's formatter makes.</summary>
public sealed class MessageTemplateTests
{
    /// <summary>Put together from the template, whatever the values are.</summary>
    private static readonly string[] Plain =
    [
        "{A}", "{A}{A}", "x {A} y", "{A,10}|", "{A,-10}|", "{A,0}", "{A:0.000}", "{A,12:N2}|{A,-12:F1}|", "{A:X4}", "{A:O}", "{A:}", "{A:yyyy-MM-dd, HH:mm}", "{A:0 'ü\"'}", "{A:D}",
        "\"ü\u007f\n\\ {A}", "{ A }", "{}", "{0}", "{@A}", "{A B}", "{level} {cut} {dropped} {message} {@t} {SourceContext}", "{a}{b}{c}{d}{e}{f}",
    ];

    /// <summary>Left to .NET.</summary>
    private static readonly string[] Odd = ["{{A}} {A}", "{A} }}", "{A, 5}", "{A,1000}", "😀 {A}", "\ud800{A}", "{A} \udc00", $"{{A}}{new string('x', 5000)}"];

    private static readonly object?[] Values =
    [
        null, "", "ann", "a\"b\\c\n\u007f", "ü€ and ", "😀", "\ud83d", "\ude00", "{A}", "x {A} y", new string('x', 4000), 0, 7, -1, int.MinValue, long.MaxValue, ulong.MaxValue, (byte)200, (sbyte)-3, (short)-3, (ushort)4,
        5u, (nint)6, 'c', '"', 'ü', '\udc00', true, false, 3.5, 0.1 + 0.2, -0.0, 1e300, double.Epsilon, double.NaN, double.NegativeInfinity, 1.5f, float.NaN, decimal.MaxValue, -0.0m, 1.10m, Guid.Empty,
        TimeSpan.FromSeconds(90.5), new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc), new DateTime(2020, 1, 2, 3, 4, 5, 678), new DateTimeOffset(2020, 1, 2, 3, 4, 5, TimeSpan.FromHours(-5)),
        new DateOnly(2020, 1, 2), new TimeOnly(3, 4, 5), DayOfWeek.Friday, (DayOfWeek)99, new Uri("http://logs/ ü?a=\"b\"%20"),
    ];

    [Fact]
    public void It_is_the_same_event_with_each_template_and_value_in_each_shape()
    {
        var events = 0;
        foreach (var shape in Enum.GetValues<LogShape>())
        {
            foreach (var template in (string[])[.. Plain, .. Odd])
            {
                foreach (var value in Values)
                {
                    var both = new Both(shape, null);
                    Log(both, template, value);
                    events += both.Events;
                }
            }
        }
        Assert.Equal(2 * Values.Length * (Plain.Length + Odd.Length) * 4, events);
    }

    [Fact]
    public void It_is_the_same_event_whatever_stands_beside_one_another()
    {
        var random = new Random(7);
        for (var n = 0; n < 5000; n++)
        {
            var values = new object?[random.Next(1, EventValues.Most + 1)];
            var template = new StringBuilder();
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = Values[random.Next(Values.Length)];
                var hole = Plain[random.Next(Plain.Length)];
                template.Append(hole.Count(c => c == '{') == 1 ? hole.Replace("A", $"A{random.Next(4)}", StringComparison.Ordinal) : "{A}");
            }
            KeyValuePair<string?, object?>[]? scopes = random.Next(2) == 0 ? null : [new("A1", "of a scope"), new(null, "outer"), new("Request", 7), new(null, "inner")];
            var both = new Both((LogShape)random.Next(4), scopes);
            both.LogInformation(new EventId(random.Next(2), random.Next(2) == 0 ? null : "Name"), template.ToString(), values);
            Assert.Equal(1, both.Events);
        }
    }

    [Fact]
    public void Culture_plays_no_part()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" }, DateTimeFormat = { DateSeparator = "_" } };
        try
        {
            var both = new Both(LogShape.MessageRouter, null);
            both.LogInformation("{A} {B:0.0} {C} {D}", 3.5, -1.25, new DateTime(2020, 1, 2), -7);
            Assert.Contains("\"3.5 -1.3 01/02/2020 00:00:00 -7\"", both.Last, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void What_templates_mostly_are_is_not_left_to_dotnet()
    {
        Assert.All(Plain, template => Assert.NotNull(MessageTemplate.Of(template)));
        Assert.All(Odd, template => Assert.Null(MessageTemplate.Of(template)));
        Assert.True(MessageTemplate.Of("{A} {B,5} {C:0.0} {D}")!.TryWrite([7, "ann", 3.5, true], new Range[4], out var text));
        Assert.Equal("7   ann 3.5 True", Encoding.UTF8.GetString(text.Span));
    }

    [Fact]
    public void A_value_that_no_format_fits_is_said_to_have_none()
    {
        var both = new Both(LogShape.MessageRouter, null);
        both.LogInformation("{A:Q}", 7);
        Assert.Contains("\"message\":\"(the message could not be made: FormatException)\",\"template\":\"{A:Q}\"", both.Last, StringComparison.Ordinal);
    }

    private static void Log(Both both, string template, object? value)
    {
        var count = MessageTemplate.Of(template)?.Count ?? 1;
        both.LogInformation(template, [.. Enumerable.Repeat(value, count)]);

        // The same of a method that was defined for the type of the value.
        typeof(MessageTemplateTests).GetMethod(nameof(Define), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!
            .MakeGenericMethod(value?.GetType() ?? typeof(string)).Invoke(null, [both, template, value, count]);
    }

    private static void Define<T>(Both both, string template, T value, int count)
    {
        switch (count)
        {
            case 1: LoggerMessage.Define<T>(LogLevel.Information, 3, template)(both, value, null); break;
            case 2: LoggerMessage.Define<T, T>(LogLevel.Information, 3, template)(both, value, value, null); break;
            default: LoggerMessage.Define<T, T, T, T, T, T>(LogLevel.Information, 3, template)(both, value, value, value, value, value, value, null); break;
        }
    }

    /// <summary>Writes each event in both ways and compares.</summary>
    private sealed class Both(LogShape shape, KeyValuePair<string?, object?>[]? scopes) : ILogger
    {
        private readonly MessageRouterLoggerOptions _options = new() { Application = "shop", Shape = shape };

        public int Events { get; private set; }

        public string Last { get; private set; } = "";

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var logged = new LoggedEvent(logLevel, eventId) { Options = _options, Logger = "shop", Time = DateTime.UnixEpoch, Captured = scopes };
            var (flaws, flawsLater) = (new EventFlaws(), new EventFlaws());
            var expected = logged.Write(state, exception, formatter, null, flaws).ToArray();
            var written = Later(logged, state, formatter).Write(flawsLater).ToArray();
            Last = Encoding.UTF8.GetString(written);
            Assert.Equal(Encoding.UTF8.GetString(expected), Last);
            Assert.Equal(expected, written);
            Assert.Equal((flaws.Cut, flaws.Failed), (flawsLater.Cut, flawsLater.Failed));
            Events++;
        }

        private static IDeferredMessage Later<TState>(in LoggedEvent logged, TState state, Func<TState, Exception?, string> formatter)
        {
            var size = 0;
            if (DefinedEvent<TState>.MayWait(state, formatter, ref size)) return new DefinedEvent<TState>(logged, state, size);
            Assert.True(FormattedEvent.MayWait(state, formatter, ref size, out var arguments));
            return new FormattedEvent(logged, arguments, size);
        }
    }
}
