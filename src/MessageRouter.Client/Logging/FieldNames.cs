using System.Runtime.InteropServices;
using System.Text;

namespace MessageRouter.Client.Logging;

/// <summary>The names that the objects of one event have already: readers do not agree on which of two equal ones counts, so that each object has a name once.</summary>
internal sealed class FieldNames
{
    /// <summary>As many are looked through, one after the other.</summary>
    private const int Few = 24;

    public const int LongestName = 1000;

    /// <summary>Those of the object that is being written, behind those of the objects in which it stands.</summary>
    private readonly List<string> _names = [];

    /// <summary>Those of the outermost object, where they are not few; the others have a bounded number.</summary>
    private readonly HashSet<string> _many = [];

    private int _begin;

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _names.Clear();
        if (_many.Count > 0) _many.Clear();
        _begin = 0;
    }

    /// <summary>An object begins within another.</summary>
    /// <returns>What <see cref="Leave"/> is to be given when it ends.</returns>
    public int Enter()
    {
        var outer = _begin;
        _begin = _names.Count;
        return outer;
    }

    public void Leave(int outer)
    {
        _names.RemoveRange(_begin, _names.Count - _begin);
        _begin = outer;
    }

    /// <returns>Whether the object has not had the name before.</returns>
    public bool TryAdd(string name)
    {
        if (Has(name)) return false;
        _names.Add(name);
        if (_begin == 0 && _names.Count > Few)
        {
            if (_many.Count == 0) _many.UnionWith(_names);
            else _many.Add(name);
        }
        return true;
    }

    public bool Has(string name)
    {
        if (_begin == 0 && _many.Count > 0) return _many.Contains(name);
        foreach (var known in CollectionsMarshal.AsSpan(_names)[_begin..])
        {
            if (known == name) return true;
        }
        return false;
    }

    /// <summary>A name as it will be read: not too long, and with what is no character replaced, so that two that become the same are seen to be.</summary>
    public static string Clean(string name)
    {
        if (name.Length > LongestName) name = $"{name.AsSpan(0, LongestName)}…";
        return name.AsSpan().ContainsAnyInRange('\ud800', '\udfff') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)) : name;
    }
}
