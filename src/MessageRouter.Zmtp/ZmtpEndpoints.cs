namespace MessageRouter.Zmtp;

/// <summary>Several endpoints of one socket.</summary>
internal static class ZmtpEndpoints
{
    /// <summary>What is wrong with them, in their order: the text, and what is to be read after it.</summary>
    public static IEnumerable<(int At, string Problem)> Problems(IEnumerable<string?> texts, EndpointUse use)
    {
        var good = new HashSet<ZmtpEndpoint>();
        foreach (var (at, text) in texts.Index())
        {
            if (!ZmtpEndpoint.TryParse(text, use, out var endpoint, out var problem)) yield return (at, $"\"{text}\" {problem}");
            else if (!good.Add(endpoint)) yield return (at, $"\"{text}\" is there twice; remove one");
        }
    }

    /// <exception cref="ArgumentException">One of them is none, or is there twice.</exception>
    public static List<ZmtpEndpoint> Parse(IReadOnlyList<string> texts, EndpointUse use, string option)
    {
        if (Problems(texts, use).Select(wrong => wrong.Problem).FirstOrDefault() is { } first) throw new ArgumentException($"{first}.", option);
        return [.. texts.Select(text => ZmtpEndpoint.TryParse(text, use, out var endpoint, out var problem) ? endpoint : throw new ArgumentException(problem, option))];
    }
}
