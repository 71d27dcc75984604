using System.Text.Json.Serialization;

namespace SchemaGate.Oci.Manifests;

/// <summary>A manifest as it is written (OCI image specification, manifest.md and image-index.md; Docker's schema 2 has the
/// same fields). Nothing in it is checked yet.</summary>
internal sealed record ImageManifest
{
    public int SchemaVersion { get; init; }
    public string? MediaType { get; init; }
    public string? ArtifactType { get; init; }
    public ImageDescriptor? Config { get; init; }
    public ImageDescriptor?[]? Layers { get; init; }
    public ImageDescriptor?[]? Manifests { get; init; }
}

/// <summary>What a manifest says about one of its parts (descriptor.md). Its <c>urls</c> are ignored.</summary>
internal sealed record ImageDescriptor
{
    public string? MediaType { get; init; }
    public string? ArtifactType { get; init; }
    public string? Digest { get; init; }
    public long? Size { get; init; }
    public Dictionary<string, string?>? Annotations { get; init; }
    public ImagePlatform? Platform { get; init; }
}

/// <summary>What an index's entry is built for (image-index.md, "platform").</summary>
internal sealed record ImagePlatform
{
    public string? Os { get; init; }
    public string? Architecture { get; init; }
}

/// <summary>A key that occurs twice is refused: readers differ in which of the two they take.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ImageManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
