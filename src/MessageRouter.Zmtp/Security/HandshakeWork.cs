namespace MessageRouter.Zmtp.Security;

/// <summary>What is computed in a handshake.</summary>
internal enum HandshakeWork
{
    /// <summary>Multiplications on the curve: one takes some 50 µs, and a handshake four of them.</summary>
    Keys,

    /// <summary>A password, which takes some 0.1 s.</summary>
    Password,

    /// <summary>A password from an address from which a wrong one came lately: after all others.</summary>
    PasswordAfterWrongOnes,
}
