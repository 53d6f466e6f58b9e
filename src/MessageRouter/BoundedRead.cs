namespace MessageRouter;

/// <summary>Reads what may never end, such as a device.</summary>
internal static class BoundedRead
{
    /// <summary>Reads a stream to its end.</summary>
    /// <returns>Null where there are more than <paramref name="most"/> bytes.</returns>
    public static byte[]? All(Stream stream, long most)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[81920];
        for (int count; (count = stream.Read(buffer)) > 0;)
        {
            if (bytes.Length + count > most) return null;
            bytes.Write(buffer, 0, count);
        }
        return bytes.ToArray();
    }
}
