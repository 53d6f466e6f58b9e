using System.Numerics;

namespace MessageRouter.Zmtp;

/// <summary>
/// A node of the tree of all prefixes: those who are found here, since they subscribe to what leads here, and how it goes on. There are at most two nodes for a prefix, however long it is, since what
/// does not part is one step. Nothing is hashed, so that no choice of prefixes makes a step take longer.
/// </summary>
internal sealed class PrefixNode(PrefixNode? parent, byte[] label)
{
    /// <summary>The bytes between its parent and it.</summary>
    private byte[] _label = label;

    /// <summary>By place: the first byte of a child's label, of no more than there are, and the child.</summary>
    private byte[] _firsts = [];
    private PrefixNode[] _children = [];

    private Subscriptions[] _subscribers = [];
    private int _subscriberCount;

    /// <summary>Those who are found here.</summary>
    public ReadOnlySpan<Subscriptions> Subscribers => _subscribers.AsSpan(0, _subscriberCount);

    /// <summary>How many subscribe to what leads here and are found above.</summary>
    public int Covered { get; set; }

    public bool HasChildren => _firsts.Length > 0;

    /// <summary>The node above; null for the root.</summary>
    public PrefixNode? Parent { get; private set; } = parent;

    /// <summary>The child on the way of this frame, which is shortened by that step.</summary>
    public PrefixNode? Next(ref ReadOnlySpan<byte> frame)
    {
        if (frame.IsEmpty || ChildAt(frame[0]) is not (>= 0 and var place)) return null;
        var child = _children[place];
        if (!frame.StartsWith(child._label)) return null;
        frame = frame[child._label.Length..];
        return child;
    }

    /// <summary>The node to which a prefix leads from here, if there is one.</summary>
    public PrefixNode? Find(ReadOnlySpan<byte> prefix)
    {
        var node = this;
        while (!prefix.IsEmpty && node is not null) node = node.Next(ref prefix);
        return node;
    }

    /// <summary>The same, and it is made where there is none.</summary>
    public PrefixNode Grow(ReadOnlySpan<byte> prefix)
    {
        var node = this;
        while (!prefix.IsEmpty) node = node.Next(ref prefix) ?? node.Fork(ref prefix);
        return node;
    }

    /// <summary>What leads here.</summary>
    public byte[] Prefix()
    {
        var left = 0;
        for (var node = this; node is not null; node = node.Parent) left += node._label.Length;
        var prefix = new byte[left];
        for (var node = this; node is not null; node = node.Parent) node._label.CopyTo(prefix, left -= node._label.Length);
        return prefix;
    }

    public void Add(Subscriptions subscriber)
    {
        Fit(ref _subscribers, _subscriberCount + 1);
        _subscribers[_subscriberCount++] = subscriber;
    }

    /// <summary>The last one takes the place of who leaves.</summary>
    public void RemoveAt(int place)
    {
        var last = _subscribers[--_subscriberCount];
        if (place < _subscriberCount)
        {
            _subscribers[place] = last;
            last.Moved(this, place);
        }
        _subscribers[_subscriberCount] = null!;
        Fit(ref _subscribers, _subscriberCount);
    }

    /// <summary>Goes, where nobody subscribes here and no ways part.</summary>
    public void Wither()
    {
        if (Parent is not { } above || _subscriberCount > 0 || Covered > 0 || _firsts.Length > 1) return;
        var place = above.ChildAt(_label[0]);
        if (HasChildren)
        {
            var child = _children[0];
            child._label = [.. _label, .. child._label];
            child.Parent = above;
            above._children[place] = child;
            return;
        }
        above.RemoveChildAt(place);
        above.Wither();
    }

    private int ChildAt(byte first) => _firsts.AsSpan().IndexOf(first);

    /// <summary>A new child on the way of a prefix: one with all of it, or what it has in common with the child that is there, which then stands below.</summary>
    private PrefixNode Fork(ref ReadOnlySpan<byte> prefix)
    {
        var place = ChildAt(prefix[0]);
        if (place < 0)
        {
            var leaf = new PrefixNode(this, prefix.ToArray());
            AddChild(leaf);
            prefix = [];
            return leaf;
        }
        var child = _children[place];
        var common = prefix.CommonPrefixLength(child._label);
        var middle = new PrefixNode(this, child._label[..common]);
        _children[place] = middle;
        child._label = child._label[common..];
        child.Parent = middle;
        middle.AddChild(child);
        prefix = prefix[common..];
        return middle;
    }

    private void AddChild(PrefixNode child)
    {
        Fit(ref _children, _firsts.Length + 1);
        _children[_firsts.Length] = child;
        _firsts = [.. _firsts, child._label[0]];
    }

    private void RemoveChildAt(int place)
    {
        var last = _firsts.Length - 1;
        _firsts[place] = _firsts[last];
        _firsts = _firsts[..last];
        _children[place] = _children[last];
        _children[last] = null!;
        Fit(ref _children, last);
    }

    /// <summary>Room for so many, and for not many more: who adds and removes much leaves nothing behind.</summary>
    private static void Fit<T>(ref T[] array, int count)
    {
        if (count > array.Length || count < array.Length / 4) Array.Resize(ref array, (int)BitOperations.RoundUpToPowerOf2((uint)count));
    }
}
