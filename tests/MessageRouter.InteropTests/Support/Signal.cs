namespace MessageRouter.InteropTests.Support;

/// <summary>POSIX signals, by their numbers on Linux.</summary>
internal enum Signal
{
    HangUp = 1,
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
