using System.Runtime.InteropServices;

namespace MessageRouter.Curve;

/// <summary>libsodium, whose functions do all of the cryptography here.</summary>
internal static unsafe partial class Sodium
{
    /// <summary>Bytes of a key, public, secret or shared.</summary>
    public const int KeySize = 32;

    public const int NonceSize = 24;

    /// <summary>By how many bytes what is in a box is longer than what was put in.</summary>
    public const int BoxOverhead = 16;

    /// <summary>Bytes of a nonce of Salsa20: the last of XSalsa20's.</summary>
    private const int StreamNonceSize = 8;

    private const string Library = "libsodium";

    static Sodium()
    {
        NativeLibrary.SetDllImportResolver(typeof(Sodium).Assembly, (name, assembly, path) => name == Library ? Find(assembly, path) : 0);
        if (Init() < 0) throw new DllNotFoundException("libsodium could not be initialised: the system gives no random numbers.");
    }

    /// <summary>Makes a pair of keys.</summary>
    public static void MakeKeys(Span<byte> publicKey, Span<byte> secretKey)
    {
        Check(publicKey, KeySize);
        Check(secretKey, KeySize);
        fixed (byte* pk = publicKey, sk = secretKey) Must(BoxKeypair(pk, sk));
    }

    /// <summary>Computes the public key to a secret one.</summary>
    public static void PublicOf(ReadOnlySpan<byte> secretKey, Span<byte> publicKey)
    {
        Check(secretKey, KeySize);
        Check(publicKey, KeySize);
        fixed (byte* sk = secretKey, pk = publicKey) Must(ScalarMultBase(pk, sk));
    }

    /// <summary>Computes the key that two pairs of keys share.</summary>
    /// <returns>False where the public key is one with which every secret one has the same result: nobody's.</returns>
    public static bool TryShare(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> secretKey, Span<byte> shared)
    {
        Check(publicKey, KeySize);
        Check(secretKey, KeySize);
        Check(shared, KeySize);
        fixed (byte* pk = publicKey, sk = secretKey, k = shared) return BoxBeforeNm(k, pk, sk) == 0;
    }

    /// <summary>Seals with a key that two share, or that one keeps for himself. The message may lie where the box is to be, behind its first <see cref="BoxOverhead"/> bytes.</summary>
    public static void Seal(ReadOnlySpan<byte> message, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> shared, Span<byte> box)
    {
        Check(nonce, NonceSize);
        Check(shared, KeySize);
        Check(box, message.Length + BoxOverhead);
        fixed (byte* m = message, n = nonce, k = shared, b = box) Must(BoxDetachedAfterNm(b + BoxOverhead, b, m, (ulong)message.Length, n, k));
    }

    /// <summary>Opens with the key that it was sealed with. The message may go where the box is, behind its first <see cref="BoxOverhead"/> bytes.</summary>
    /// <returns>False where it was not sealed with that key and nonce; the message is not to be looked at then.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> box, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> shared, Span<byte> message)
    {
        Check(nonce, NonceSize);
        Check(shared, KeySize);
        if (box.Length < BoxOverhead) return false;
        Check(message, box.Length - BoxOverhead);
        fixed (byte* m = message, n = nonce, k = shared, b = box) return BoxOpenDetachedAfterNm(m, b + BoxOverhead, b, (ulong)message.Length, n, k) == 0;
    }

    /// <summary>Derives the key that XSalsa20 uses with all nonces that begin with these 16 bytes.</summary>
    public static void DeriveKey(ReadOnlySpan<byte> shared, ReadOnlySpan<byte> text, Span<byte> key)
    {
        Check(shared, KeySize);
        Check(text, NonceSize - StreamNonceSize);
        Check(key, KeySize);
        fixed (byte* s = shared, t = text, k = key) Must(HSalsa20(k, t, s, null));
    }

    /// <summary>Makes the beginning of Salsa20's stream.</summary>
    public static void MakeStream(Span<byte> stream, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key, bool isQuick)
    {
        Check(nonce, StreamNonceSize);
        Check(key, KeySize);
        fixed (byte* c = stream, n = nonce, k = key) Must(isQuick ? Salsa20Quick(c, (ulong)stream.Length, n, k) : Salsa20(c, (ulong)stream.Length, n, k));
    }

    /// <summary>Applies Salsa20's stream from some block of 64 bytes on.</summary>
    public static void ApplyStream(ReadOnlySpan<byte> from, ReadOnlySpan<byte> nonce, ulong block, ReadOnlySpan<byte> key, Span<byte> to)
    {
        Check(nonce, StreamNonceSize);
        Check(key, KeySize);
        Check(to, from.Length);
        fixed (byte* m = from, n = nonce, k = key, c = to) Must(Salsa20Xor(c, m, (ulong)from.Length, n, block, k));
    }

    /// <summary>Makes Poly1305's tag, with a key that is used once.</summary>
    public static void Authenticate(ReadOnlySpan<byte> message, ReadOnlySpan<byte> key, Span<byte> tag, bool isQuick)
    {
        Check(key, KeySize);
        Check(tag, BoxOverhead);
        fixed (byte* m = message, k = key, t = tag) Must(isQuick ? Poly1305Quick(t, m, (ulong)message.Length, k) : Poly1305(t, m, (ulong)message.Length, k));
    }

    /// <summary>Checks Poly1305's tag, in a time that does not tell where it is wrong.</summary>
    public static bool IsAuthentic(ReadOnlySpan<byte> message, ReadOnlySpan<byte> key, ReadOnlySpan<byte> tag, bool isQuick)
    {
        Check(key, KeySize);
        Check(tag, BoxOverhead);
        fixed (byte* m = message, k = key, t = tag) return (isQuick ? VerifyPoly1305Quick(t, m, (ulong)message.Length, k) : VerifyPoly1305(t, m, (ulong)message.Length, k)) == 0;
    }

    /// <summary>The package's own library; where an application was made into one file without it, that of the system.</summary>
    private static nint Find(System.Reflection.Assembly assembly, DllImportSearchPath? path)
    {
        string[] names = OperatingSystem.IsWindows() ? ["libsodium.dll"] : OperatingSystem.IsMacOS() ? ["libsodium.dylib", "libsodium.26.dylib", "libsodium.23.dylib"] : ["libsodium.so", "libsodium.so.26", "libsodium.so.23"];
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, assembly, path, out var library)) return library;
        }
        throw new DllNotFoundException("CURVE needs libsodium, which is not here: the packages bring it; beside a single file put that of your platform, or install the system's (Debian: apt install libsodium23).");
    }

    private static void Check(ReadOnlySpan<byte> bytes, int size)
    {
        if (bytes.Length != size) throw new ArgumentException($"{size} bytes are needed, not {bytes.Length}.", nameof(bytes));
    }

    private static void Must(int result)
    {
        if (result != 0) throw new InvalidOperationException("libsodium has refused what it was given.");
    }

    [LibraryImport(Library, EntryPoint = "sodium_init")]
    private static partial int Init();

    [LibraryImport(Library, EntryPoint = "crypto_box_keypair")]
    private static partial int BoxKeypair(byte* publicKey, byte* secretKey);

    [LibraryImport(Library, EntryPoint = "crypto_scalarmult_base")]
    private static partial int ScalarMultBase(byte* publicKey, byte* secretKey);

    [LibraryImport(Library, EntryPoint = "crypto_box_beforenm")]
    private static partial int BoxBeforeNm(byte* shared, byte* publicKey, byte* secretKey);

    [LibraryImport(Library, EntryPoint = "crypto_box_detached_afternm")]
    private static partial int BoxDetachedAfterNm(byte* cipher, byte* mac, byte* message, ulong length, byte* nonce, byte* shared);

    [LibraryImport(Library, EntryPoint = "crypto_box_open_detached_afternm")]
    private static partial int BoxOpenDetachedAfterNm(byte* message, byte* cipher, byte* mac, ulong length, byte* nonce, byte* shared);

    [LibraryImport(Library, EntryPoint = "crypto_core_hsalsa20")]
    private static partial int HSalsa20(byte* derived, byte* text, byte* key, byte* constant);

    [LibraryImport(Library, EntryPoint = "crypto_stream_salsa20")]
    private static partial int Salsa20(byte* stream, ulong length, byte* nonce, byte* key);

    [SuppressGCTransition]
    [LibraryImport(Library, EntryPoint = "crypto_stream_salsa20")]
    private static partial int Salsa20Quick(byte* stream, ulong length, byte* nonce, byte* key);

    [LibraryImport(Library, EntryPoint = "crypto_stream_salsa20_xor_ic")]
    private static partial int Salsa20Xor(byte* cipher, byte* message, ulong length, byte* nonce, ulong block, byte* key);

    [LibraryImport(Library, EntryPoint = "crypto_onetimeauth_poly1305")]
    private static partial int Poly1305(byte* tag, byte* message, ulong length, byte* key);

    [SuppressGCTransition]
    [LibraryImport(Library, EntryPoint = "crypto_onetimeauth_poly1305")]
    private static partial int Poly1305Quick(byte* tag, byte* message, ulong length, byte* key);

    [LibraryImport(Library, EntryPoint = "crypto_onetimeauth_poly1305_verify")]
    private static partial int VerifyPoly1305(byte* tag, byte* message, ulong length, byte* key);

    [SuppressGCTransition]
    [LibraryImport(Library, EntryPoint = "crypto_onetimeauth_poly1305_verify")]
    private static partial int VerifyPoly1305Quick(byte* tag, byte* message, ulong length, byte* key);
}
