namespace SchemaGate.Oci.Manifests;

/// <summary>Which manifest of an index is read. Schemas are the same for every platform, so this prefers what most have.</summary>
internal static class PlatformChoice
{
    private static readonly (string Os, string Architecture)[] Preferred = [("linux", "amd64"), ("linux", "arm64")];

    /// <returns>Null where there is no image.</returns>
    public static ImageDescriptor? Choose(IReadOnlyList<ImageDescriptor?> entries)
    {
        var images = entries.OfType<ImageDescriptor>().Where(IsImage).ToArray();
        return Preferred.Select(platform => images.FirstOrDefault(image => (image.Platform?.Os, image.Platform?.Architecture) == platform))
            .FirstOrDefault(image => image is not null) ?? images.FirstOrDefault();
    }

    /// <summary>
    /// BuildKit puts its attestations among the images, of an unknown platform (docs/attestations/attestation-storage.md).
    /// </summary>
    private static bool IsImage(ImageDescriptor entry) =>
        entry.Annotations?.ContainsKey("vnd.docker.reference.type") != true
        && entry.Platform is not { Os: "unknown" } and not { Architecture: "unknown" }
        && (entry.MediaType is null || ManifestReader.Accepted.Contains(entry.MediaType, StringComparer.Ordinal));
}
