namespace MessageRouter.Cli.Formatting;

/// <summary>Lays blocks out anew. Where lines end is their author's choice, as long as they are not too long.</summary>
internal sealed class LayoutWriter
{
    /// <summary>Characters of a line beside its comment; what is longer is broken where that is possible.</summary>
    private const int Width = 120;

    private const int Step = 2;

    private readonly List<Line> _lines = [];

    /// <summary>The lines of a whole file.</summary>
    public static IReadOnlyList<Line> Write(Block file)
    {
        var writer = new LayoutWriter();
        writer.WriteContent(file, indent: 0);
        return writer._lines;
    }

    private void WriteContent(Block block, int indent)
    {
        var first = _lines.Count;
        for (var at = 0; at < block.Items.Count;)
        {
            var end = at + 1;

            // What was one line and is too long for that is one line each.
            while (end < block.Items.Count && !block.Items[end].BeginsLine && (!block.IsOneLine || block.Opening == '\0')) end++;
            WriteRow([.. block.Items.Take(at..end)], indent, first);
            at = end;
        }
        WriteRemarks(block.Closing, indent, first);
    }

    /// <summary>Writes what its author has on one line, on one line if it fits.</summary>
    private void WriteRow(IReadOnlyList<Item> items, int indent, int first)
    {
        var flat = items.Select(Flat).ToList();
        if (items.Count == 1 || flat.Contains(null) || indent + flat.Sum(text => text!.Length + ", ".Length) - ", ".Length > Width)
        {
            foreach (var item in items) WriteItem(item, indent, first);
            return;
        }
        WriteBefore(items[0], indent, first);
        _lines.Add(new Line(indent, string.Join(", ", flat), items[^1].Remark));
    }

    private void WriteItem(Item item, int indent, int first)
    {
        WriteBefore(item, indent, first);
        if (Flat(item, isAlone: true) is { } flat && indent + flat.Length <= Width)
        {
            _lines.Add(new Line(indent, flat, item.Remark));
            return;
        }
        var text = item.Head;
        foreach (var part in item.Value)
        {
            if (text.Length > 0) text += " ";
            if (part is not Block block)
            {
                text += ((Words)part).Text;
                continue;
            }
            if (Flat(block) is { } line && indent + text.Length + line.Length <= Width)
            {
                text += line;
                continue;
            }
            _lines.Add(new Line(indent, text + block.Opening, block.Remark));
            WriteContent(block, indent + Step);
            text = block.End.ToString();
        }
        _lines.Add(new Line(indent, text, item.Remark));
    }

    private void WriteBefore(Item item, int indent, int first)
    {
        WriteRemarks(item.Before, indent, first);
        if (item.FollowsBlank) WriteBlank(first);
    }

    private void WriteRemarks(IReadOnlyList<Remark> remarks, int indent, int first)
    {
        foreach (var remark in remarks)
        {
            if (remark.FollowsBlank) WriteBlank(first);
            _lines.Add(new Line(indent, "", remark.Text));
        }
    }

    // None at the begin of a block.
    private void WriteBlank(int first)
    {
        if (_lines.Count > first) _lines.Add(Line.Blank);
    }

    /// <returns>The item on one line; null where that cannot be.</returns>
    private static string? Flat(Item item) => Flat(item, isAlone: false);

    private static string? Flat(Item item, bool isAlone)
    {
        if (!isAlone && item.Before.Count > 0) return null;
        List<string?> parts = [.. item.Head.Length > 0 ? [item.Head] : Array.Empty<string>(), .. item.Value.Select(part => part is Block block ? Flat(block) : ((Words)part).Text)];
        return parts.Exists(part => part is null || part.Contains('\n', StringComparison.Ordinal)) ? null : string.Join(' ', parts);
    }

    private static string? Flat(Block block)
    {
        var items = block.Items.Select(Flat).ToList();
        if (!block.IsOneLine || items.Contains(null)) return null;
        return (items, block.Opening) switch
        {
            ([], '{') => "{}",
            (_, '{') => $"{{ {string.Join(", ", items)} }}",
            _ => $"[{string.Join(", ", items)}]",
        };
    }
}
