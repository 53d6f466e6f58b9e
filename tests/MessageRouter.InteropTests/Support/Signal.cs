namespace MessageRouter.InteropTests.Support;

/// <summary>POSIX signals, by their numbers on Linux.</summary>
internal enum Signal
{
    HangUp = 1,
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    User1 = 10,
    User2 = 12,
    Alarm = 14,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
    Power = 30,
}
