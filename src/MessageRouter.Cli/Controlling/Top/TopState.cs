using MessageRouter.Monitoring;

namespace MessageRouter.Cli.Controlling.Top;

/// <summary>The tables that the screen can show.</summary>
internal enum TopView
{
    Components,
    Edges,
    Connections,
    Pools,
    Processes,
}

/// <summary>What somebody has chosen to see, changed by keys.</summary>
/// <param name="views">The names of the tables that there are.</param>
internal sealed class TopState(IReadOnlyList<string> views)
{
    private static readonly string[] Windows = ["1s", "10s", "60s"];

    private readonly string?[] _sortedBy = new string?[views.Count];
    private readonly bool[] _isReversed = new bool[views.Count];
    private int _window;
    private string _filterBefore = "";

    /// <summary>The names of the tables that there are.</summary>
    public IReadOnlyList<string> Views => views;

    /// <summary>Which of them is shown.</summary>
    public int View { get; private set; }

    /// <summary>The heading of the column that is sorted by; null for the order of the file.</summary>
    public string? SortedBy => _sortedBy[View];

    public bool IsReversed => _isReversed[View];

    /// <summary>Over which time rates are.</summary>
    public string Window => Windows[_window];

    public string Filter { get; private set; } = "";

    /// <summary>Whether keys are letters of the filter.</summary>
    public bool IsTyping { get; private set; }

    public bool IsPaused { get; private set; }

    public bool ShowsHelp { get; private set; }

    public bool WantsToQuit { get; private set; }

    /// <summary>The row that is looked at; null for none.</summary>
    public string? Selected { get; private set; }

    /// <summary>Rows above the first that is shown.</summary>
    public int Scrolled { get; set; }

    /// <summary>What the screen showed last: the rows in their order, how many had room, and the columns that there are to sort by.</summary>
    public (IReadOnlyList<string> Keys, int Room, IReadOnlyList<string> Headings) Shown { get; set; } = ([], 1, []);

    public double Rate(Rates rates) => _window switch { 0 => rates.Second, 1 => rates.TenSeconds, _ => rates.Minute };

    public void Press(ConsoleKeyInfo key)
    {
        if (IsTyping) Type(key);
        else if (ShowsHelp) ShowsHelp = false;
        else if (!Move(key.Key)) Do(key);
    }

    private void Do(ConsoleKeyInfo key)
    {
        switch (key.KeyChar)
        {
            case 'q' or 'Q': WantsToQuit = true; break;
            case '?' or 'h': ShowsHelp = true; break;
            case >= '1' and <= '9' when key.KeyChar - '1' < views.Count: Show(key.KeyChar - '1'); break;
            case 'w': _window = (_window + 1) % Windows.Length; break;
            case 's': Sort(1); break;
            case 'S': Sort(-1); break;
            case 'r': _isReversed[View] = !IsReversed; break;
            case 'p' or ' ': IsPaused = !IsPaused; break;
            case '/': (IsTyping, _filterBefore) = (true, Filter); break;
            case 'j': Select(1); break;
            case 'k': Select(-1); break;
        }
    }

    private bool Move(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.DownArrow: Select(1); return true;
            case ConsoleKey.UpArrow: Select(-1); return true;
            case ConsoleKey.PageDown: Select(Shown.Room); return true;
            case ConsoleKey.PageUp: Select(-Shown.Room); return true;
            case ConsoleKey.Home: Select(-Shown.Keys.Count); return true;
            case ConsoleKey.End: Select(Shown.Keys.Count); return true;
            case ConsoleKey.RightArrow or ConsoleKey.Tab: Show((View + 1) % views.Count); return true;
            case ConsoleKey.LeftArrow: Show((View + views.Count - 1) % views.Count); return true;
            case ConsoleKey.F1: ShowsHelp = true; return true;
            case ConsoleKey.Escape:
                if (Selected is null) Filter = "";
                Selected = null;
                return true;
            default: return false;
        }
    }

    private void Type(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.Enter: IsTyping = false; break;
            case ConsoleKey.Escape: (IsTyping, Filter) = (false, _filterBefore.Length > 0 && _filterBefore != Filter ? _filterBefore : ""); break;
            case ConsoleKey.Backspace: Filter = Filter.Length > 0 ? Filter[..^1] : ""; break;
            default:
                if (key.KeyChar == (char)('u' - 'a' + 1)) Filter = "";
                else if (!char.IsControl(key.KeyChar)) Filter += key.KeyChar;
                break;
        }
        Scrolled = 0;
    }

    private void Show(int view) => (View, Selected, Scrolled) = (view, null, 0);

    private void Sort(int step)
    {
        var headings = Shown.Headings;
        var now = SortedBy is { } heading ? headings.TakeWhile(other => other != heading).Count() : -1;
        var next = now + step;
        if (next < -1) next = headings.Count - 1;
        _sortedBy[View] = next < 0 || next >= headings.Count ? null : headings[next];
        _isReversed[View] = false;
    }

    private void Select(int step)
    {
        var keys = Shown.Keys;
        if (keys.Count == 0) return;
        var now = Selected is { } key ? keys.TakeWhile(other => other != key).Count() : -1;
        var next = now < 0 || now >= keys.Count ? (step > 0 ? (step == 1 ? 0 : step - 1) : keys.Count + step) : now + step;
        Selected = keys[Math.Clamp(next, 0, keys.Count - 1)];
    }
}
