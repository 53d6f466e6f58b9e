namespace MessageRouter.Zmtp.Security;

/// <summary>What was read of files.</summary>
/// <typeparam name="T">What they say together.</typeparam>
/// <param name="Content">What is in force from now on.</param>
/// <param name="Problems">Why that is not all that the files say, each as a sentence with what to do about it.</param>
internal sealed record FileReading<T>(T Content, IReadOnlyList<string> Problems)
    where T : class;
