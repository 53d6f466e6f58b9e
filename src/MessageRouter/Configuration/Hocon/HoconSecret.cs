using System.Security.Cryptography;
using System.Text;

namespace MessageRouter.Configuration.Hocon;

/// <summary>A text that nobody is to see, at the place that says where it is kept.</summary>
internal sealed class HoconSecret(SourceSpan span, string text) : HoconScalar(span, text, HoconScalarKind.String)
{
    /// <summary>So that nothing can be learned from what is compared.</summary>
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    /// <summary>Stands for it where two readings are compared: the same for the same text, within one process.</summary>
    public string Fingerprint => Convert.ToHexStringLower(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(Text)))[..16];

    public override string ToString() => "(secret)";
}
