namespace MessageRouter.Components;

/// <summary>Marks a number in a component's options as a size in bytes, written with a unit such as <c>16MiB</c>.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class ByteSizeAttribute : Attribute;
