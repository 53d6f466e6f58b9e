using MessageRouter.Json;

namespace MessageRouter.Tests.Json;

/// <summary>Edits with their results as arrays.</summary>
internal static class ByteEdit
{
    public static bool TrySet(ReadOnlySpan<byte> json, FieldPath path, ReadOnlySpan<byte> value, out byte[] result, out string? problem)
    {
        var edited = JsonEdit.TrySet(json, path, value, out var splice, out problem);
        result = splice.ToArray();
        return edited;
    }

    public static bool TryRemove(ReadOnlySpan<byte> json, FieldPath path, out byte[] result)
    {
        var edited = JsonEdit.TryRemove(json, path, out var splice);
        result = splice.ToArray();
        return edited;
    }

    public static bool TryRename(ReadOnlySpan<byte> json, FieldPath from, FieldPath to, out byte[] result, out string? problem)
    {
        var edited = JsonEdit.TryRename(json, from, to, out var splice, out problem);
        result = splice.ToArray();
        return edited;
    }
}
