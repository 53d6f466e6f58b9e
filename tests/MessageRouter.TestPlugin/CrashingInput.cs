using MessageRouter;
using MessageRouter.Components;

namespace Acme.Inputs;

/// <summary>Brings one message and then fails on a thread that nobody supervises.</summary>
public sealed class CrashingInput : InputActor
{
    protected override void Open() => new Thread(() =>
    {
        Intake.TryAdd(MessageBatch.Of([Intake.NewMessage("{}"u8.ToArray())]));
        throw new InvalidOperationException("beyond supervision");
    }).Start();
}
