using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using MessageRouter.Zmtp;

namespace MessageRouter.Plugins;

/// <summary>What an assembly's file says of itself, read without loading it.</summary>
/// <param name="References">The assemblies that it was built with.</param>
/// <param name="Uses">What it uses of those that plug-ins share with the router.</param>
internal sealed record PluginImage(IReadOnlyList<AssemblyName> References, IReadOnlyList<PluginImage.Use> Uses)
{
    /// <returns>Null for a library that is not of .NET.</returns>
    /// <exception cref="BadImageFormatException">It is no library at all, or damaged.</exception>
    public static PluginImage? Read(byte[] image)
    {
        using var file = Open(image);
        if (!file.HasMetadata) return null;
        var metadata = file.GetMetadataReader();
        return new PluginImage(
            [.. metadata.AssemblyReferences.Select(handle => metadata.GetAssemblyReference(handle).GetAssemblyName())],
            [.. UsesOf(metadata)]);
    }

    /// <summary>An assembly that a plug-in needs, as far as it can be known to be whole.</summary>
    /// <exception cref="BadImageFormatException">It is damaged, or not of .NET.</exception>
    public static byte[] Checked(string path)
    {
        if (FileKind.IsSpecial(path)) throw new BadImageFormatException(null, path);
        var image = File.ReadAllBytes(path);
        try
        {
            if (Read(image) is not null) return image;
        }
        catch (BadImageFormatException exception)
        {
            throw new BadImageFormatException(exception.Message, path, exception);
        }
        throw new BadImageFormatException(null, path);
    }

    /// <summary>The symbols that stand beside an assembly and were made with it; null where there are none.</summary>
    public static byte[]? SymbolsOf(byte[] image, string path)
    {
        var beside = Path.ChangeExtension(path, ".pdb");
        if (!File.Exists(beside) || FileKind.IsSpecial(beside)) return null;
        using var file = Open(image);
        try
        {
            var symbols = File.ReadAllBytes(beside);
            using var provider = MetadataReaderProvider.FromPortablePdbImage([.. symbols]);
            var made = new BlobContentId(provider.GetMetadataReader().DebugMetadataHeader!.Id).Guid;
            return file.ReadDebugDirectory().Any(entry => entry.Type == DebugDirectoryEntryType.CodeView && file.ReadCodeViewDebugDirectoryData(entry).Guid == made) ? symbols : null;
        }
        catch (Exception exception) when (exception is BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            // They only make traces more readable, and a build that is under way writes them too.
            return null;
        }
    }

    /// <summary>Opens an image and finds the ends that a build or a copy under way leaves: one that is missing, and one that is still empty.</summary>
    private static PEReader Open(byte[] image)
    {
        var file = new PEReader([.. image]);
        try
        {
            var sections = file.PEHeaders.SectionHeaders.Where(section => section.SizeOfRawData > 0).OrderBy(section => section.PointerToRawData).ToList();
            if (file.PEHeaders.IsCoffOnly || sections.Count == 0 || sections.Any(section => section.PointerToRawData + (long)section.SizeOfRawData > image.Length)
                || !image.AsSpan(sections[^1].PointerToRawData).ContainsAnyExcept((byte)0))
                throw new BadImageFormatException();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
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
