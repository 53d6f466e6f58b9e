using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using MessageRouter.Components;

namespace MessageRouter.Mailboxes;

/// <summary>Gives each component's actor the mailbox that the node made for it; Akka finds it by its settings.</summary>
internal sealed class ComponentMailboxType(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<BoundedMailbox>
{
    /// <summary>The setting that names this mailbox, for <c>Props.WithMailbox</c>.</summary>
    public const string Id = "message-router-mailbox";

    /// <summary>What the actor system's configuration must hold.</summary>
    public static readonly string Hocon = $$"""{{Id}} { mailbox-type = "{{typeof(ComponentMailboxType).AssemblyQualifiedName}}" }""";

    public override IMessageQueue Create(IActorRef owner, ActorSystem system)
    {
        var mailbox = ComponentCells.Of(system).Find(owner.Path).Mailbox;
        mailbox.Attach(owner);
        return mailbox;
    }
}
