using MessageRouter.Zmtp;

namespace MessageRouter.Distribution;

/// <summary>Decides of which distributors a worker takes messages.</summary>
internal interface ILinkGuard
{
    /// <summary>A distributor has connected.</summary>
    /// <returns>Whether what it sends counts; asked by whoever reads, before anything is taken.</returns>
    Func<bool> Meet(IPeer distributor);

    /// <summary>A link has ended, and nothing that came by it is left; on any thread, perhaps with a mailbox locked.</summary>
    void Finished();
}
