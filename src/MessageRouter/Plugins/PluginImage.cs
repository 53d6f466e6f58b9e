using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace MessageRouter.Plugins;

/// <summary>What an assembly's file says of itself, read without loading it.</summary>
/// <param name="References">The assemblies that it was built with.</param>
/// <param name="Uses">What it uses of those that plug-ins share with the router.</param>
internal sealed record PluginImage(IReadOnlyList<AssemblyName> References, IReadOnlyList<PluginImage.Use> Uses)
{
    /// <returns>Null for a library that is not of .NET.</returns>
    /// <exception cref="BadImageFormatException">It is no library at all, or damaged.</exception>
    public static PluginImage? Read(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var length = new FileInfo(path).Length;
        if (file.PEHeaders.IsCoffOnly || file.PEHeaders.SectionHeaders.Any(section => section.PointerToRawData + (long)section.SizeOfRawData > length))
            throw new BadImageFormatException();
        if (!file.HasMetadata) return null;
        var metadata = file.GetMetadataReader();
        return new PluginImage(
            [.. metadata.AssemblyReferences.Select(handle => metadata.GetAssemblyReference(handle).GetAssemblyName())],
            [.. UsesOf(metadata)]);
    }

    private static IEnumerable<Use> UsesOf(MetadataReader metadata)
    {
        foreach (var handle in metadata.TypeReferences)
        {
            if (HomeOf(metadata, handle) is { } home) yield return new Use(metadata.GetToken(handle), home, NameOf(metadata, handle));
        }
        foreach (var handle in metadata.MemberReferences)
        {
            // Members of constructed generic types are left out: their signatures mean nothing without the type's arguments.
            var member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind == HandleKind.TypeReference && (TypeReferenceHandle)member.Parent is var parent && HomeOf(metadata, parent) is { } home)
                yield return new Use(metadata.GetToken(handle), home, $"{NameOf(metadata, parent)}.{metadata.GetString(member.Name)}");
        }
    }

    private static AssemblyName? HomeOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var scope = metadata.GetTypeReference(handle).ResolutionScope;
        if (scope.Kind == HandleKind.TypeReference) return HomeOf(metadata, (TypeReferenceHandle)scope);
        if (scope.Kind != HandleKind.AssemblyReference) return null;
        var name = metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).GetAssemblyName();
        return PluginContext.IsShared(name) ? name : null;
    }

    private static string NameOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        var name = metadata.GetString(type.Name);
        if (type.ResolutionScope.Kind == HandleKind.TypeReference) return $"{NameOf(metadata, (TypeReferenceHandle)type.ResolutionScope)}.{name}";
        return type.Namespace.IsNil ? name : $"{metadata.GetString(type.Namespace)}.{name}";
    }

    /// <summary>A type or member of another assembly.</summary>
    internal sealed record Use(int Token, AssemblyName Home, string Name);
}
