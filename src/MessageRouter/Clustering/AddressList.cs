using System.ComponentModel.DataAnnotations;

namespace MessageRouter.Clustering;

/// <summary>Addresses of nodes as a configuration has them, in a list.</summary>
internal static class AddressList
{
    /// <summary>What is named, as it is written. Only for lists that have no problem.</summary>
    public static IReadOnlyList<ClusterAddress> Of(IEnumerable<string> texts) =>
        [.. texts.Select(text => ClusterAddress.TryParse(text, ClusterOptions.DefaultPort, out var address) ? address : throw new InvalidOperationException($"{text} is no address."))];

    /// <summary>What is no address, and what is there twice.</summary>
    public static IEnumerable<ValidationResult> Problems(IEnumerable<string> texts, string member)
    {
        var known = new HashSet<ClusterAddress>();
        foreach (var text in texts)
        {
            if (!ClusterAddress.TryParse(text, ClusterOptions.DefaultPort, out var address)) yield return new ValidationResult($"has `{text}`, which is no address; write one such as a.example:4053", [member]);
            else if (!known.Add(address)) yield return new ValidationResult($"has `{text}` twice; remove one", [member]);
        }
    }
}
