using System.Globalization;
using System.Security.Cryptography;

namespace MessageRouter.Zmtp.Security;

/// <summary>What is kept of a password: PBKDF2 with SHA-512 or SHA-256, as passlib and others write it: <c>$pbkdf2-sha512$210000$salt$hash</c>.</summary>
internal sealed class PasswordHash
{
    /// <summary>What OWASP recommends for SHA-512: some 0.1 s of one processor.</summary>
    public const int Iterations = 210_000;

    private const int FewestIterations = 1000;
    private const int MostIterations = 10_000_000;
    private const int SaltSize = 16;

    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private PasswordHash(HashAlgorithmName algorithm, int iterations, byte[] salt, byte[] hash) => (Algorithm, Rounds, _salt, _hash) = (algorithm, iterations, salt, hash);

    public HashAlgorithmName Algorithm { get; }

    public int Rounds { get; }

    public static PasswordHash Of(ReadOnlySpan<byte> password, int iterations = Iterations)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        return new PasswordHash(HashAlgorithmName.SHA512, iterations, salt, Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA512, SizeOf(HashAlgorithmName.SHA512)));
    }

    /// <summary>One that no password has, and that takes as long to find that out.</summary>
    public static PasswordHash Nobodys(HashAlgorithmName algorithm, int iterations) =>
        new(algorithm, iterations, RandomNumberGenerator.GetBytes(SaltSize), RandomNumberGenerator.GetBytes(SizeOf(algorithm)));

    /// <summary>Takes as long as so many rounds, for nothing.</summary>
    public static void Spend(HashAlgorithmName algorithm, int rounds, ReadOnlySpan<byte> password)
    {
        Span<byte> salt = stackalloc byte[SaltSize];
        Span<byte> computed = stackalloc byte[SizeOf(algorithm)];
        Rfc2898DeriveBytes.Pbkdf2(password, salt, computed, rounds, algorithm);
    }

    /// <param name="text">What was written.</param>
    /// <param name="hash">The hash; null where it is none.</param>
    /// <param name="problem">What is wrong then, as a phrase that shows nothing of it.</param>
    public static bool TryParse(string text, out PasswordHash? hash, out string problem)
    {
        hash = null;
        var parts = text.Split('$');
        if (parts is not ["", "pbkdf2-sha512" or "pbkdf2-sha256", var rounds, var salt, var sum])
        {
            problem = "is no password hash that is known here";
            return false;
        }
        if (!int.TryParse(rounds, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) || iterations is < FewestIterations or > MostIterations)
        {
            problem = FormattableString.Invariant($"has a number of rounds that is not from {FewestIterations} to {MostIterations}");
            return false;
        }
        var algorithm = parts[1] == "pbkdf2-sha512" ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256;
        if (!TryBytes(salt, out var salted) || !TryBytes(sum, out var summed) || salted.Length < 8 || summed.Length != SizeOf(algorithm))
        {
            problem = "is a password hash of which something is missing";
            return false;
        }
        hash = new PasswordHash(algorithm, iterations, salted, summed);
        problem = "";
        return true;
    }

    public bool Matches(ReadOnlySpan<byte> password)
    {
        Span<byte> computed = stackalloc byte[_hash.Length];
        Rfc2898DeriveBytes.Pbkdf2(password, _salt, computed, Rounds, Algorithm);
        return CryptographicOperations.FixedTimeEquals(computed, _hash);
    }

    public bool Same(PasswordHash other) => Algorithm == other.Algorithm && Rounds == other.Rounds && _salt.AsSpan().SequenceEqual(other._salt) && _hash.AsSpan().SequenceEqual(other._hash);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"$pbkdf2-{(Algorithm == HashAlgorithmName.SHA512 ? "sha512" : "sha256")}${Rounds}${Text(_salt)}${Text(_hash)}");

    private static int SizeOf(HashAlgorithmName algorithm) => algorithm == HashAlgorithmName.SHA512 ? 64 : 32;

    /// <summary>Base64 as passlib has it: without padding, and with a full stop for the plus.</summary>
    private static string Text(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '.');

    private static bool TryBytes(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        var padded = text.Replace('.', '+').PadRight((text.Length + 3) / 4 * 4, '=');
        if (!Convert.TryFromBase64String(padded, bytes, out var count)) return false;
        bytes = bytes[..count];
        return true;
    }
}
