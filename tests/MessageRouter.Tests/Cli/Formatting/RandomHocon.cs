using System.Text;

namespace MessageRouter.Tests.Cli.Formatting;

/// <summary>Writes HOCON with every kind of value, and lays it out as nobody would.</summary>
internal sealed class RandomHocon(int seed)
{
    private const int MaxDepth = 4;

    private static readonly string[] Keys = ["a", "b", "c.d", "\"e.f\"", "g h", "a.\"\"", "included", "x-1"];

    private static readonly string[] Words =
    [
        "1", "-2.5", "1e+5", "true", "null", "word", "two  words", "10s", "a-b_c", "/path", "\"\"", "\"quoted # text\"", "\"a\\\"b{[\"", "\"\"\"plain\"\"\"", "\"\"\"  # not\n\t a } comment\n\"\"\"", "\"\"\"\"in\"\"\"\"", "${?a}", "${?a.\"}\"}",
        "\"a\"  \"b\"", "${?a}x", "x ${?b.c} y",
    ];

    private readonly Random _random = new(seed);
    private readonly StringBuilder _text = new();

    public string Document()
    {
        var inBraces = _random.Next(5) == 0;
        Gap();
        if (inBraces) Object(0);
        else Fields(0);
        Gap();
        return _text.ToString();
    }

    private void Object(int depth)
    {
        _text.Append('{');
        Gap();
        Fields(depth + 1);
        Gap();
        _text.Append('}');
    }

    private void Array(int depth)
    {
        _text.Append('[');
        Gap();
        for (int count = _random.Next(4), i = 0; i < count; i++)
        {
            Value(depth + 1);
            Separator(isLast: i == count - 1);
        }
        _text.Append(']');
    }

    private void Fields(int depth)
    {
        for (int count = _random.Next(4), i = 0; i < count; i++)
        {
            if (_random.Next(12) == 0) _text.Append(Pick("include \"x.conf\"", "include required( file(\"y # z\"))", "include # why\n \"x\""));
            else Field(depth);
            Separator(isLast: i == count - 1);
        }
    }

    private void Field(int depth)
    {
        _text.Append(Pick(Keys));
        Within();
        if (depth < MaxDepth && _random.Next(3) == 0)
        {
            Object(depth);
            return;
        }
        _text.Append(Pick("=", ":", "=", "+="));
        Within();
        Value(depth);
    }

    private void Value(int depth)
    {
        switch (depth < MaxDepth ? _random.Next(6) : 5)
        {
            case 0:
                Object(depth);
                break;
            case 1:
                Array(depth);
                break;
            case 2:
                _text.Append("${?a}").Append(Pick("", " ", "  "));
                Array(depth);
                _text.Append(Pick("", " [7]", "${?b}"));
                break;
            case 3:
                _text.Append("${?a}").Append(Pick("", " ", "  "));
                Object(depth);
                break;
            default:
                _text.Append(Pick(Words));
                break;
        }
    }

    private void Separator(bool isLast)
    {
        _text.Append(Pick("", " ", "  "));
        if (_random.Next(2) == 0) Comment();
        else _text.Append(isLast ? Pick("", ",", "\n") : Pick(",", "\n", ",\n", "\r\n"));
        Gap();
    }

    /// <summary>Between two items: anything that says nothing.</summary>
    private void Gap()
    {
        for (var count = _random.Next(4) - 1; count > 0; count--)
        {
            if (_random.Next(4) == 0) Comment();
            else _text.Append(Pick(" ", "\n", "\n\n\n", "\t", "  "));
        }
    }

    /// <summary>Between a key and its value.</summary>
    private void Within()
    {
        _text.Append(Pick("", " ", " ", "  "));
        if (_random.Next(15) == 0) Comment();
        if (_random.Next(15) == 0) _text.Append('\n');
    }

    private void Comment() => _text.Append(Pick(" # a", "  // b, } {", "#c \" d", " #\t")).Append('\n');

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];
}
