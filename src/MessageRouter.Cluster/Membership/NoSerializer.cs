using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace MessageRouter.Cluster.Membership;

/// <summary>Stands in place of a serializer of Akka's that makes whatever the other side names.</summary>
internal abstract class NoSerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => throw new NotSupportedException($"{obj.GetType().Name} is nothing that nodes say to each other.");

    public override object FromBinary(byte[] bytes, Type type) => throw new NotSupportedException("Nodes say nothing of that kind.");
}

/// <summary>For objects of any type.</summary>
internal sealed class NoObjects : NoSerializer
{
    /// <remarks>Akka makes it with its settings, or without.</remarks>
    public NoObjects(ExtendedActorSystem system, Config settings)
        : this(system)
    {
    }

    public NoObjects(ExtendedActorSystem system)
        : base(system)
    {
    }

    public override int Identifier => 1;
}

/// <summary>For actors that another node would have this one start.</summary>
internal sealed class NoActors(ExtendedActorSystem system) : NoSerializer(system)
{
    public override int Identifier => 3;
}
