using System.Text;
using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;
using SchemaGate.Oci;
using SchemaGate.Tests.Gates;
using SchemaGate.Tests.Oci;

namespace SchemaGate.Tests.Fuzzing;

/// <summary>
/// Images as a registry may send them: the evidence is what is in them or why it cannot be read, and over an empty history none opens.
/// </summary>
internal static class FuzzedImages
{
    private const string Zstd = "application/vnd.oci.image.layer.v1.tar+zstd";

    private static readonly ChangelogSource s_source = Given.Spec.Changelog with { Image = FakeRegistry.Image.ToString() };

    private static readonly byte[] s_layer = Archive.Tar(
        (ChangelogSource.DefaultDocuments[0], Document(Given.M(1))), ($"prisma/migrations/{Given.M(1)}/migration.sql", "SELECT 1;"));

    /// <summary>An image manifest or an index. The layer, config and image that it names in capitals are there.</summary>
    public static void Manifest(byte[] json) => Closed(registry =>
    {
        byte[] layer = Archive.Gzip(s_layer);
        string image = FakeRegistry.Manifest(registry.Blob(FakeRegistry.TarGzip, layer));
        registry.Blob("application/vnd.oci.image.config.v1+json", "{}"u8.ToArray());
        string text = Mutator.Text(json)
            .Replace("LAYER", Digest.Of(layer).ToString(), StringComparison.Ordinal)
            .Replace("BYTES", $"{layer.Length}", StringComparison.Ordinal)
            .Replace("CONFIG", Digest.Of("{}"u8).ToString(), StringComparison.Ordinal)
            .Replace("IMAGE", registry.PushManifest(image).ToString(), StringComparison.Ordinal)
            .Replace("SIZE", $"{Encoding.UTF8.GetByteCount(image)}", StringComparison.Ordinal);
        return registry.PushManifest(text);
    });

    /// <summary>A layer above one with a document and a migration, once as it is and once in each packing that is read.</summary>
    public static void Layer(byte[] tar)
    {
        Above(FakeRegistry.Tar, tar);
        Above(FakeRegistry.TarGzip, Archive.Gzip(tar));
        Above(Zstd, Archive.Zstd(tar));
    }

    /// <summary>A layer that is said to be packed.</summary>
    public static void Packed(byte[] bytes)
    {
        Above(FakeRegistry.TarGzip, bytes);
        Above(Zstd, bytes);
    }

    /// <summary>A layer that is not what its digest says is never read, whatever else it is.</summary>
    public static void Forged(byte[] bytes)
    {
        Digest digest = Digest.Of(Archive.Gzip(s_layer));
        Evidence<ChangelogEvidence> evidence = Read(
            registry => registry.PushManifest(FakeRegistry.Manifest(registry.Blob(FakeRegistry.TarGzip, bytes, digest: digest))));
        Assert.True(evidence is Evidence<ChangelogEvidence>.Missing || digest == Digest.Of(bytes), $"{evidence}");
    }

    private static void Above(string type, byte[] layer) => Closed(registry => registry.PushManifest(FakeRegistry.Manifest(
        registry.Blob(FakeRegistry.Tar, s_layer), registry.Blob(type, layer))));

    private static void Closed(Func<FakeRegistry, Digest> push)
    {
        Evidence<ChangelogEvidence> evidence = Read(push);
        Decision decision = GateDecision.Decide(Given.Input(1, 0) with { Changelog = evidence });
        Assert.NotEqual(Verdict.Open, decision.Verdict);
        Assert.DoesNotContain(decision.Message, char.IsControl);
    }

    private static Evidence<ChangelogEvidence> Read(Func<FakeRegistry, Digest> push)
    {
        using FakeRegistry registry = new();
        Digest digest = push(registry);
        using RegistryClient client = registry.Client();
        ImageContents contents = new(client, new ReadingBudget(256 << 20, TimeProvider.System), TimeProvider.System);
        return contents.ReadAsync(
            new(FakeRegistry.Image, new(), "fuzzed", ""), digest, s_source, new(look: null, TimeProvider.System), CancellationToken.None)
            .GetAwaiter().GetResult();
    }

    private static string Document(string migration) => Changelogs.Document.Of(migrated: Given.Entry(migration));
}
