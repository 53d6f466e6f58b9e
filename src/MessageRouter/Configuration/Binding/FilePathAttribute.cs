namespace MessageRouter.Configuration.Binding;

/// <summary>Marks an option that names a file or folder relative to the file in which it stands.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FilePathAttribute : Attribute;
