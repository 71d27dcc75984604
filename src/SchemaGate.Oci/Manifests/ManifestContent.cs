namespace SchemaGate.Oci.Manifests;

/// <summary>What a manifest's bytes turned out to be.</summary>
internal abstract record ManifestContent
{
    private ManifestContent()
    {
    }

    /// <summary>An image or artifact, with the layers to read, the lowest first.</summary>
    public sealed record Image(IReadOnlyList<Layer> Layers) : ManifestContent;

    /// <summary>An index, and the one of its manifests that is read: its digest, and its size in bytes.</summary>
    public sealed record Index(Digest Chosen, long Size) : ManifestContent;
}
