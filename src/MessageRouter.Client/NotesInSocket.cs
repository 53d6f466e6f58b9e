namespace MessageRouter.Client;

/// <summary>Which of the messages that the socket was given say how many were lost before them: those of its messages that it loses have told nobody. Of several peers, who take in their own time, it is taken that the oldest leave first.</summary>
internal sealed class NotesInSocket
{
    private readonly Queue<(long Place, long Told)> _notes = [];

    /// <param name="place">How many messages the socket was given before.</param>
    /// <param name="told">How many losses the message tells.</param>
    /// <param name="left">How many of all have left the socket, the oldest ones.</param>
    public void Add(long place, long told, long left)
    {
        while (_notes.TryPeek(out var oldest) && oldest.Place < left) _notes.Dequeue();
        _notes.Enqueue((place, told));
    }

    /// <returns>How many losses the messages were to tell that have not left.</returns>
    public long Untold(long left) => _notes.Where(note => note.Place >= left).Sum(note => note.Told);
}
