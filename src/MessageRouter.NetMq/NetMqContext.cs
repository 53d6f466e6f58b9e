using MessageRouter.ZeroMq;
using NetMQ;

namespace MessageRouter.NetMq;

/// <summary>
/// NetMQ's own state is one for the whole process. It is counted here who uses it, so that the last one, and only that
/// one, ends it: ending it is also the only way to learn that closed sockets have sent what they still had.
/// </summary>
internal static class NetMqContext
{
    /// <summary>What ending may take beyond the longest linger time.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Each component takes three, its monitor's two included.</summary>
    private const int MaxSockets = 8192;

    private static readonly Lock Gate = new();
    private static int _users;
    private static Thread? _ending;

    /// <summary>Begins to use NetMQ. Waits where the last user before is still ending it.</summary>
    /// <exception cref="EndpointException">The last user could not end it.</exception>
    public static void Enter()
    {
        lock (Gate)
        {
            if (_ending is { } ending && !ending.Join(Grace + Grace))
                throw new EndpointException("ZeroMQ sockets that this process closed earlier are still being closed; try again later or restart the process.");
            _ending = null;
            if (_users++ > 0) return;

            // Received bytes are kept without a copy, so no pool may use them again.
            BufferPool.SetGCBufferPool();

            // Monitors are written to from the I/O threads without a lock: more than one of these would break them.
            NetMQConfig.ThreadPoolSize = 1;
            NetMQConfig.MaxSockets = MaxSockets;
        }
    }

    /// <summary>Ends the use. The last user waits until closed sockets have sent what they may, at most a little more than their linger time.</summary>
    /// <returns>False where that took longer.</returns>
    public static async Task<bool> LeaveAsync(TimeSpan longestLinger)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (Gate)
        {
            if (--_users > 0) return true;

            // A thread of its own, for it may never come back.
            _ending = new Thread(() =>
            {
                try
                {
                    NetMQConfig.Cleanup(block: true);
                    ended.SetResult();
                }
                catch (Exception exception)
                {
                    ended.SetException(exception);
                }
            })
            { IsBackground = true, Name = "zeromq-end" };
            _ending.Start();
        }
        try
        {
            await ended.Task.WaitAsync(longestLinger + Grace);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
