namespace MessageRouter.Components;

/// <summary>
/// How a failing component is treated. A component that had dealt with messages since its last failure is restarted at
/// once; one that fails again without having dealt with any waits, from <see cref="MinBackoff"/> doubling to
/// <see cref="MaxBackoff"/>, and ends after <see cref="MaxRestarts"/> such failures within <see cref="Within"/>.
/// </summary>
public sealed record SupervisionOptions
{
    /// <summary>What a failure leads to. Default <see cref="OnError.Restart"/>.</summary>
    public OnError OnError { get; init; } = OnError.Restart;

    /// <summary>Fruitless restarts within <see cref="Within"/> after which the component is stopped. Default 10.</summary>
    public int MaxRestarts { get; init; } = 10;

    /// <summary>The time in which <see cref="MaxRestarts"/> are counted. Default one minute.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The pause before the second fruitless restart. Default 200 ms.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause. Default 30 s.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A pause that has been doubled so many times, and is not longer than <see cref="MaxBackoff"/>.</summary>
    internal TimeSpan Doubled(TimeSpan first, int times)
    {
        // Compared by division, because the product can be too long for a TimeSpan.
        var factor = 1L << Math.Min(times, 30);
        return first < MaxBackoff / factor ? first * factor : MaxBackoff;
    }
}
