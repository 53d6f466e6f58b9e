using Akka.Event;

namespace MessageRouter.Cluster.Membership;

/// <summary>How long those who go on wait for those who were given up, so that nobody has in their place before what they had; told to who waits when it is over.</summary>
internal sealed class Margin : IDeadLetterSuppression
{
    /// <summary>Where those who were given up do not reach more than half of all: they have closed what they had long before. One that was reached is told that it is down, which may take as long.</summary>
    public static readonly Margin OfTheFew = new(TimeSpan.FromMilliseconds(1250));

    /// <summary>Where they may: they must decide by themselves that it is they who were given up, which they may do later than the others.</summary>
    public static readonly Margin OfTheMany = new(TimeSpan.FromSeconds(3));

    private Margin(TimeSpan length) => Length = length;

    public TimeSpan Length { get; }

    /// <param name="goOn">How many nodes go on.</param>
    /// <param name="givenUp">How many do not, or may not.</param>
    public static Margin Of(int goOn, int givenUp) => givenUp > goOn ? OfTheMany : OfTheFew;
}
