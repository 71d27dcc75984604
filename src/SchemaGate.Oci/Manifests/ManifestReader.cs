using System.Text.Json;

namespace SchemaGate.Oci.Manifests;

/// <summary>Turns a manifest's bytes into what is to be read next, or says in words why it cannot.</summary>
internal sealed class ManifestReader(ImageReference image, RegistryLimits limits)
{
    private static readonly string[] ImageTypes =
        ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"];

    private static readonly string[] IndexTypes =
        ["application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json"];

    // With one of these as its config a manifest is a container image; with anything else it is an artifact.
    private static readonly string[] ConfigTypes =
        ["application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"];

    /// <summary>What a request asks for. Indexes too: without them a registry may pick a platform and say nothing.</summary>
    public static IEnumerable<string> Accepted => ImageTypes.Concat(IndexTypes);

    /// <exception cref="OciException">Invalid, TooLarge or Unsupported.</exception>
    public ManifestContent Read(byte[] json)
    {
        var manifest = Parse(json);
        CheckType(manifest);
        if (manifest.Manifests is { } entries)
        {
            return Choose(entries);
        }

        var layers = manifest.Layers ?? throw Fault(OciFailure.Invalid, "has a manifest without layers");
        if (layers.Length > limits.Layers)
        {
            throw Fault(OciFailure.TooLarge, $"has {layers.Length} layers; at most {limits.Layers} are read");
        }

        var isArtifact = !string.IsNullOrEmpty(manifest.ArtifactType) || !ConfigTypes.Contains(manifest.Config?.MediaType);
        var read = layers.Select(layer => Check(layer, isArtifact)).ToArray();
        var onTop = read.SkipWhile(layer => layer.Format == LayerFormat.Foreign)
            .FirstOrDefault(layer => layer.Format == LayerFormat.Foreign);
        // At the bottom is a system's base. Higher up a layer may delete what is below it, so that cannot be passed over.
        return onTop is null ? new ManifestContent.Image(read) : throw Fault(OciFailure.Unsupported,
            $"has a layer {onTop.Digest} that is foreign and above others: registries do not hold it; push it as an ordinary layer");
    }

    private ManifestContent.Index Choose(ImageDescriptor?[] entries)
    {
        var chosen = PlatformChoice.Choose(entries) ?? throw Fault(OciFailure.Unsupported,
            $"names an index in which none of {entries.Length} manifests is an image; push an image or an artifact to it");
        return chosen.Size is >= 0 and var size && Digest.TryParse(chosen.Digest, out var digest)
            ? new ManifestContent.Index(digest, size)
            : throw Fault(OciFailure.Invalid, "names an index with a manifest without a size or a sha256 or sha512 digest; push it again");
    }

    private ImageManifest Parse(byte[] json)
    {
        try
        {
            if (JsonTokens.AreTooMany(json))
            {
                throw Fault(OciFailure.TooLarge, $"has a manifest of more than {JsonTokens.Most} objects and names");
            }

            return JsonSerializer.Deserialize(json, ManifestJson.Default.ImageManifest)
                ?? throw Fault(OciFailure.Invalid, "has a manifest that is null");
        }
        catch (JsonException fault)
        {
            // The parser's own words may quote the document.
            throw Fault(OciFailure.Invalid, $"has a manifest that is not what it should be (line {fault.LineNumber + 1}); push it again");
        }
    }

    private void CheckType(ImageManifest manifest)
    {
        // The media type in the document is under its digest, the response's header is not. Older writers leave it out.
        var types = manifest.Manifests is null ? ImageTypes : IndexTypes;
        if (manifest.SchemaVersion != 2 || (manifest.MediaType is { } type && !types.Contains(type)))
        {
            throw Fault(OciFailure.Unsupported, $"has a manifest of version {manifest.SchemaVersion} and type "
                + $"{OciException.Quote(manifest.MediaType ?? "")}; push it as an OCI image or artifact, or as Docker schema 2");
        }

        // One document that is both would be another thing to each reader (CVE-2021-41190).
        if (manifest.Manifests is not null && manifest.Layers is not null)
        {
            throw Fault(OciFailure.Invalid, "has a manifest that is an image and an index at once; push it again");
        }
    }

    private Layer Check(ImageDescriptor? layer, bool isArtifact)
    {
        if (layer?.MediaType is not { } type || layer.Size is not >= 0 || !Digest.TryParse(layer.Digest, out var digest))
        {
            throw Fault(OciFailure.Invalid, "has a layer without a media type, a size or a sha256 or sha512 digest; push it again");
        }

        if (layer.Size > limits.LayerBytes)
        {
            throw Fault(OciFailure.TooLarge, $"has a layer {digest} of {layer.Size} bytes; at most {limits.LayerBytes} are read");
        }

        if (Refusal(type) is { } refusal)
        {
            throw Fault(OciFailure.Unsupported, $"has a layer {digest} that is {refusal}");
        }

        var title = layer.Annotations?.GetValueOrDefault("org.opencontainers.image.title") ?? "";
        return new Layer(digest, layer.Size.Value, FormatOf(type, title, isArtifact && !IsPackedDirectory(layer), digest), title);
    }

    private static string? Refusal(string type) =>
        type.Contains("+encrypted", StringComparison.Ordinal) ? "encrypted; push it unencrypted" : null;

    private static bool IsForeign(string type) =>
        type.Contains("nondistributable", StringComparison.Ordinal) || type.Contains(".foreign.", StringComparison.Ordinal);

    /// <summary>oras writes a directory as a tar of paths that begin with the title, and marks it so.</summary>
    private static bool IsPackedDirectory(ImageDescriptor layer) =>
        layer.Annotations?.GetValueOrDefault("io.deis.oras.content.unpack") == "true";

    /// <summary>oras pushes single files with the media type of a tar layer: in an artifact a title decides.</summary>
    private LayerFormat FormatOf(string type, string title, bool mayBeFile, Digest digest) => type switch
    {
        _ when IsForeign(type) => LayerFormat.Foreign,
        _ when mayBeFile && title.Length > 0 => LayerFormat.File,
        _ when IsPacked(type, "gzip") => LayerFormat.TarGzip,
        _ when IsPacked(type, "zstd") => LayerFormat.TarZstd,
        _ when type.EndsWith(".tar", StringComparison.Ordinal) => LayerFormat.Tar,
        _ when mayBeFile => LayerFormat.Nameless,
        // A layer of an image may delete files, so none can be passed over.
        _ => throw Fault(
            OciFailure.Unsupported,
            $"has a layer {digest} of type {OciException.Quote(type)}; push layers as tar, tar+gzip or tar+zstd"),
    };

    /// <summary>OCI's spelling (<c>tar+gzip</c>) or Docker's.</summary>
    private static bool IsPacked(string type, string packing) =>
        type.EndsWith($"tar+{packing}", StringComparison.Ordinal) || type.EndsWith($"tar.{packing}", StringComparison.Ordinal);

    private OciException Fault(OciFailure kind, string what) => new(kind, $"{image} {what}");
}
