namespace SchemaGate.Oci.Manifests;

/// <summary>How a layer's bytes are to be read.</summary>
internal enum LayerFormat
{
    Tar,
    TarGzip,
    TarZstd,
    /// <summary>The bytes are one file, named by <see cref="Layer.Title"/>.</summary>
    File,
    /// <summary>An artifact's blob without a name: nothing can ask for it.</summary>
    Nameless,
    /// <summary>A base layer that its publisher does not let registries hold; it is neither fetched nor read.</summary>
    Foreign,
}

/// <summary>A layer whose descriptor was checked.</summary>
internal sealed record Layer(Digest Digest, long Size, LayerFormat Format, string Title);
