namespace SchemaGate.Oci.Tar;

/// <summary>What an entry is, as far as its reader can do something with it.</summary>
internal enum TarEntryKind
{
    File,
    Directory,
    Link,
    /// <summary>A sparse file's data is a map and fragments, not its content.</summary>
    Sparse,
    /// <summary>Devices, pipes and what vendors add.</summary>
    Other,
}

/// <summary>One entry of an archive; its name is as it was written.</summary>
/// <param name="Size">Bytes of data that follow: for a file, its length.</param>
internal sealed record TarEntry(string Name, TarEntryKind Kind, long Size);
