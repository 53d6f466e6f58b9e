namespace MessageRouter.Components;

/// <summary>Marks a <see cref="long"/> option as a size in bytes, which configurations give with a unit: <c>16MiB</c>.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class ByteSizeAttribute : Attribute;
