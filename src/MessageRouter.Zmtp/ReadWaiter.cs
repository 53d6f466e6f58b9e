using System.Threading.Tasks.Sources;

namespace MessageRouter.Zmtp;

/// <summary>Waits for one connection to have something to read. One waits at a time; anybody may signal.</summary>
/// <param name="forget">Called at the end.</param>
internal sealed class ReadWaiter(Action forget) : IValueTaskSource, IDisposable
{
    private ManualResetValueTaskSourceCore<bool> _wait;
    private volatile State _state;
    private volatile bool _hasEnded;

    private enum State
    {
        /// <summary>Nobody waits, and there is nothing new.</summary>
        Idle,

        Waiting,

        /// <summary>There is something to read since it was waited for last.</summary>
        Ready,
    }

    /// <summary>Whether the connection has ended in this direction: what is left to read is not told of any more, and has to be read until nothing comes.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Done, on the thread of who signals, when there is something to read that may not have been there at the last read.</summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref _state, State.Idle, State.Ready) == State.Ready) return ValueTask.CompletedTask;
        _wait.Reset();
        if (Interlocked.CompareExchange(ref _state, State.Waiting, State.Idle) == State.Idle) return new ValueTask(this, _wait.Version);
        _state = State.Idle;
        return ValueTask.CompletedTask;
    }

    /// <param name="hasEnded">Whether the connection has.</param>
    public void Signal(bool hasEnded = false)
    {
        if (hasEnded) _hasEnded = true;
        while (true)
        {
            var state = _state;
            if (Interlocked.CompareExchange(ref _state, state == State.Waiting ? State.Idle : State.Ready, state) != state) continue;
            if (state == State.Waiting) _wait.SetResult(true);
            return;
        }
    }

    public void Dispose() => forget();

    void IValueTaskSource.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);
}
