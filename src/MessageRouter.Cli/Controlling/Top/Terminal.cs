using System.Runtime.InteropServices;
using System.Text;
using Spectre.Console;

namespace MessageRouter.Cli.Controlling.Top;

/// <summary>
/// The whole screen of a terminal, which is as it was before when this is disposed of, or the process ends: another screen, without cursor, on
/// which each picture is written at once. The only one that knows of the terminal library, which is loaded with the first instance.
/// </summary>
internal sealed class Terminal : IDisposable
{
    // What terminals that know it show as one picture, and others do not mind.
    private const string Begin = "\e[?2026h", End = "\e[?2026l";
    private const string NoWrap = "\e[?7l", Wrap = "\e[?7h";

    private static readonly Dictionary<Ink, Style> Styles = new()
    {
        [Ink.Plain] = Style.Plain,
        [Ink.Dim] = new Style(decoration: Decoration.Dim),
        [Ink.Strong] = new Style(decoration: Decoration.Bold),
        [Ink.Good] = new Style(Color.Green),
        [Ink.Warning] = new Style(Color.Olive),
        [Ink.Bad] = new Style(Color.Red, decoration: Decoration.Bold),
        [Ink.Accent] = new Style(Color.Aqua, decoration: Decoration.Bold),
        [Ink.Heading] = new Style(decoration: Decoration.Invert),
        [Ink.Selected] = new Style(decoration: Decoration.Bold | Decoration.Invert),
    };

    private static readonly int StopSignal = OperatingSystem.IsMacOS() ? 17 : 19;

    private readonly Lock _lock = new();
    private readonly OutputPipe _output;
    private readonly AnsiCapabilities _capabilities;
    private readonly bool _isAscii;
    private readonly List<IDisposable> _signals = [];
    private bool _isOpen;

    /// <param name="surroundings">Where the screen is.</param>
    /// <param name="changed">Told when the screen has another size, or has to be drawn anew.</param>
    public Terminal(Surroundings surroundings, Action changed)
    {
        _output = new OutputPipe(surroundings);
        _capabilities = AnsiCapabilities.Create(Console.Out, new AnsiWriterSettings { Ansi = AnsiSupport.Yes });
        _isAscii = Console.OutputEncoding.CodePage != Encoding.UTF8.CodePage;
        AppDomain.CurrentDomain.ProcessExit += Leave;
        Enter();
        if (OperatingSystem.IsWindows()) return;
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => changed()));

        // Ctrl-Z: whoever sits there gets the screen back as it was, and this one when it goes on.
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTSTP, context =>
        {
            context.Cancel = true;
            Leave();
            _ = Kill(Environment.ProcessId, StopSignal);
        }));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ =>
        {
            Enter();
            changed();
        }));
    }

    /// <summary>Columns and lines; some terminals do not know.</summary>
    public static (int Width, int Height) Size
    {
        get
        {
            try
            {
                return (Console.WindowWidth is > 0 and var width ? width : 80, Console.WindowHeight is > 0 and var height ? height : 24);
            }
            catch (IOException)
            {
                return (80, 24);
            }
        }
    }

    /// <summary>Reads keys until there are none any more, on a thread of its own that nobody waits for.</summary>
    /// <param name="pressed">Told each, and null when there are no more; returns whether more are wanted. While it reads the terminal is not as it was: whoever reads on after the last key may be later than who puts it right at the end.</param>
    public static void Listen(Func<ConsoleKeyInfo?, bool> pressed) => new Thread(() =>
    {
        try
        {
            while (pressed(Console.ReadKey(intercept: true)))
            {
                continue;
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            pressed(null);
        }
    })
    { IsBackground = true, Name = "keys" }.Start();

    /// <summary>Shows lines, as many as the screen has.</summary>
    public void Show(IReadOnlyList<Line> lines)
    {
        var picture = new StringWriter();
        var ansi = new AnsiWriter(picture, _capabilities);
        picture.Write(Begin);
        ansi.CursorHome();
        for (var at = 0; at < lines.Count; at++)
        {
            if (at > 0) picture.Write("\r\n");
            foreach (var (text, ink) in lines[at].Pieces)
            {
                if (ink == Ink.Plain) picture.Write(Drawn(text));
                else ansi.Write(Drawn(text), Styles[ink], null);
            }

            // The cursor stands on the last character of a full line.
            if (lines[at].Left > 0) ansi.EraseInLine(0);
        }
        picture.Write(End);
        lock (_lock)
        {
            if (_isOpen) _output.Write(picture.ToString());
        }
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= Leave;
        foreach (var signal in _signals) signal.Dispose();
        Leave();
    }

    private void Enter()
    {
        lock (_lock)
        {
            if (_isOpen) return;
            _isOpen = true;
            var begin = new StringWriter();
            new AnsiWriter(begin, _capabilities).EnterAltScreen().HideCursor();
            _output.Write(begin + NoWrap);
        }
    }

    private void Leave(object? sender, EventArgs arguments) => Leave();

    private void Leave()
    {
        lock (_lock)
        {
            if (!_isOpen) return;
            _isOpen = false;
            var end = new StringWriter();
            new AnsiWriter(end, _capabilities).ResetStyle().ShowCursor().ExitAltScreen();
            try
            {
                _output.Write(Wrap + end);
            }
            catch (NobodyReadsException)
            {
                // There is no terminal any more.
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    /// <summary>Where the terminal does not take UTF-8, what looks like it.</summary>
    private string Drawn(string text) => !_isAscii ? text : string.Concat(text.Select(character => character switch
    {
        '█' => '#',
        '░' => '.',
        '…' => '~',
        '▼' => 'v',
        '▲' or '↑' => '^',
        '↓' => 'v',
        '●' => '*',
        '–' => '-',
        '→' or '←' => '>',
        > '~' => '?',
        _ => character,
    }));
}
