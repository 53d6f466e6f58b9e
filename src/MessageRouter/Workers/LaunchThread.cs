using System.Collections.Concurrent;

namespace MessageRouter.Workers;

/// <summary>
/// The one thread that starts processes. Linux sends the signal that ties a process to its parent when the *thread* that
/// started it ends, so this one never does; a thread of the pool might end at any time.
/// </summary>
internal static class LaunchThread
{
    private static readonly BlockingCollection<Action> Launches = Start();

    /// <summary>Runs this on the thread and waits for it, some milliseconds.</summary>
    public static T Run<T>(Func<T> launch)
    {
        var launched = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Launches.Add(() =>
        {
            try
            {
                launched.SetResult(launch());
            }
            catch (Exception exception)
            {
                launched.SetException(exception);
            }
        });
        return launched.Task.GetAwaiter().GetResult();
    }

    private static BlockingCollection<Action> Start()
    {
        var launches = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var launch in launches.GetConsumingEnumerable()) launch();
        })
        { IsBackground = true, Name = "worker-launch" }.Start();
        return launches;
    }
}
