using MessageRouter.Ledger;

namespace MessageRouter.Sequences;

/// <summary>
/// The numbers of one source: which is the highest, and which of the last ones are missing. What is missing may still come, and is lost when so many later
/// ones have come that it is out of the window.
/// </summary>
/// <remarks>
/// Whether a source that goes back to its beginning has been started again, or a message has come twice, only its next number can tell: one that was there already
/// goes on with a new sequence, one that was not goes on with the old one.
/// </remarks>
/// <param name="window">How many numbers, up to the highest, may come out of order.</param>
/// <param name="largestGap">How many may be missing at once; what is further on begins a new sequence.</param>
/// <param name="counts">What is counted for all sources.</param>
internal sealed class Sequence(int window, long largestGap, GapCounts counts)
{
    /// <summary>Sequences begin at 0 or 1.</summary>
    private const ulong LastBeginning = 1;

    private ulong _first;

    /// <summary>A bit for each number of the window, at the place of its remainder; set where it is missing. Null as long as none was.</summary>
    private ulong[]? _gaps;

    /// <summary>A number that went back, until the next one tells what that was.</summary>
    private ulong? _back;

    /// <summary>The highest number; null before the first.</summary>
    public ulong? Highest { get; private set; }

    /// <summary>Numbers that may still come.</summary>
    public int Missing { get; private set; }

    /// <summary>What a number would be.</summary>
    /// <param name="number">The number.</param>
    /// <param name="isRedelivered">Whether the message is known to have come before, which begins no sequence.</param>
    public SequenceStep Of(ulong number, bool isRedelivered = false)
    {
        if (Highest is not { } highest) return SequenceStep.First;
        if (_back is { } back && ContinuesAnew(back, number)) return number == back + 1 ? SequenceStep.Next : SequenceStep.Gap;
        if (number > highest) return number - highest == 1 ? SequenceStep.Next : number - highest - 1 > (ulong)largestGap ? SequenceStep.Jump : SequenceStep.Gap;
        if (IsMissing(number)) return SequenceStep.Late;
        var isInWindow = highest - number < (ulong)window;
        if (!isRedelivered && (!isInWindow || (number <= LastBeginning && number < highest && number >= _first))) return SequenceStep.Back;
        return isInWindow && number < _first ? SequenceStep.Late : SequenceStep.Duplicate;
    }

    /// <summary>Takes the next number, and counts what it means.</summary>
    /// <inheritdoc cref="Of"/>
    /// <returns>How many numbers are lost for good by that.</returns>
    public long Take(ulong number, bool isRedelivered = false)
    {
        var lost = Decide(number);
        switch (Of(number, isRedelivered))
        {
            case SequenceStep.First:
                Begin(number);
                break;
            case SequenceStep.Jump:
                lost += Restart(number);
                break;
            case SequenceStep.Late:
                if (IsMissing(number)) Fill(number);
                counts.Reordered.Add(1);
                break;
            case SequenceStep.Duplicate:
                counts.Duplicates.Add(1);
                break;
            case SequenceStep.Back:
                _back = number;
                break;
            default:
                lost += Advance(number);
                break;
        }
        return lost;
    }

    /// <summary>Nothing more will come: what is missing is lost, and what went back at last was the begin of another sequence.</summary>
    /// <returns>How many are lost.</returns>
    public long End()
    {
        if (_back is not null) counts.Restarts.Add(1);
        _back = null;
        return LoseMissing();
    }

    /// <summary>Counts what the number that went back was.</summary>
    private long Decide(ulong next)
    {
        if (_back is not { } back) return 0;
        _back = null;
        if (ContinuesAnew(back, next)) return Restart(back);
        counts.Duplicates.Add(1);
        return 0;
    }

    /// <summary>Whether a number goes on with a sequence that has begun anew: the old one has had it.</summary>
    private bool ContinuesAnew(ulong back, ulong number) => number > back && number <= Highest && !IsMissing(number);

    private void Begin(ulong number) => Highest = _first = number;

    private long Restart(ulong number)
    {
        counts.Restarts.Add(1);
        var lost = LoseMissing();
        Begin(number);
        return lost;
    }

    /// <summary>Goes on to a higher number; those between are missing.</summary>
    /// <returns>How many numbers that leaves out of the window.</returns>
    private long Advance(ulong number)
    {
        var (lost, from) = (0L, Highest!.Value + 1);
        if (number - Highest.Value > (ulong)window)
        {
            // All of the old window, and what would never have been in the new one.
            lost = LoseMissing();
            from = number - (ulong)window + 1;
            lost += Lose((long)(from - Highest.Value - 1));
        }
        if (number > from || _gaps is not null)
        {
            _gaps ??= new ulong[(window + 63) / 64];
            for (var next = from; next != number; next++) lost += Put(next, isMissing: true);
            lost += Put(number, isMissing: false);
        }
        Highest = number;
        return lost;
    }

    /// <summary>Gives a number the place of the one that leaves the window for it.</summary>
    /// <returns>1 where that one was missing.</returns>
    private long Put(ulong number, bool isMissing)
    {
        ref var word = ref _gaps![Word(number)];
        var wasMissing = (word & Bit(number)) != 0;
        if (isMissing) word |= Bit(number);
        else word &= ~Bit(number);
        Miss((isMissing ? 1 : 0) - (wasMissing ? 1 : 0));
        return wasMissing ? Lose(1) : 0;
    }

    private bool IsMissing(ulong number) => _gaps is { } gaps && number < Highest && Highest - number < (ulong)window && (gaps[Word(number)] & Bit(number)) != 0;

    private void Fill(ulong number)
    {
        _gaps![Word(number)] &= ~Bit(number);
        Miss(-1);
    }

    private long LoseMissing()
    {
        var lost = Lose(Missing);
        Miss(-Missing);
        if (lost > 0) Array.Clear(_gaps!);
        return lost;
    }

    private long Lose(long count)
    {
        counts.Lost.Add(count);
        return count;
    }

    private void Miss(int change)
    {
        Missing += change;
        if (change != 0) counts.Missing.Add(change);
    }

    private int Word(ulong number) => (int)(number % (ulong)window / 64);

    private ulong Bit(ulong number) => 1UL << (int)(number % (ulong)window % 64);
}
