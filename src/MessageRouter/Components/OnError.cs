namespace MessageRouter.Components;

/// <summary>What is done with a component that throws.</summary>
public enum OnError
{
    /// <summary>The failing message goes to the error chain and the same instance goes on.</summary>
    Resume,

    /// <summary>The failing message goes to the error chain and a new instance takes over the mailbox.</summary>
    Restart,

    /// <summary>The component ends; what is still sent to it is counted as <c>stopped</c>.</summary>
    Stop,
}
