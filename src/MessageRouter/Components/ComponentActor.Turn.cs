using Akka.Event;
using MessageRouter.Clustering;
using MessageRouter.Mailboxes;

namespace MessageRouter.Components;

/// <content>A component that works on one node of the cluster at a time.</content>
public abstract partial class ComponentActor
{
    /// <summary>Has it work where it is this node's turn, and stand by where it is another's.</summary>
    private void HandleTurn()
    {
        if (Cell.Turn is not { } turn || Cell.Draining || Ended || Cell.Intake is { IsStopping: true }) return;
        if (turn.IsHeld)
        {
            // One that has failed opens when its time has come.
            if (!Cell.IsOpen && Cell.OpensAgainAt is null) Begin();
        }
        else if (Cell.IsOpen)
        {
            // What stands by is an instance that has never been open.
            ComponentLog.StandsBy(Logger);
            throw new TurnLostException();
        }
        else
        {
            HasClosed(turn);
        }
    }

    /// <summary>What came in before goes on its way.</summary>
    private void StandBy(ISingletonClaim turn)
    {
        Cell.OpensAgainAt = null;
        Cell.Endpoints = [];
        Cell.Connections = null;
        Cell.Mailbox.Resume(PauseReasons.Busy | PauseReasons.Backoff);
        Cell.Started.TrySetResult();
        HasClosed(turn);
    }

    private void HasClosed(ISingletonClaim turn)
    {
        Cell.Intake!.StandsBy = true;
        turn.HasClosed();
    }

    private void HasItsTurn()
    {
        Cell.Intake!.StandsBy = false;
        ComponentLog.HasItsTurn(Logger);
    }

    /// <summary>Whose turn it is to work may have changed.</summary>
    private sealed class TurnChanged : IDeadLetterSuppression
    {
        public static readonly TurnChanged Instance = new();
    }
}
