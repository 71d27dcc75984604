using System.Text;
using FsCheck;
using FsCheck.Fluent;
using SchemaGate.Oci;

namespace SchemaGate.Tests.Oci;

/// <summary>Whatever a registry sends, what comes out is files or one kind of exception, and soon.</summary>
public sealed class RubbishTests
{
    private const string Sha = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private static readonly byte[] GoodTar = [
        .. Archive.Raw("x", 'x', [.. Archive.Pax("path", "docs/a"), .. Archive.Pax("size", "5")]),
        .. Archive.Raw("a", '0', "hello"u8.ToArray()), .. Archive.Raw("l", 'L', Encoding.ASCII.GetBytes(new string('n', 200) + "\0")),
        .. Archive.Raw("n", '0', new byte[600]), .. Archive.Raw("s", 'S', new byte[10]), .. Archive.Raw("d/.wh.x", '0', []),
        .. Archive.Raw("d/", '5', []), .. new byte[1024]];

    [Fact]
    public void Random_bytes_are_no_layer() => Check(ArbMap.Default.GeneratorFor<byte[]>(), FakeRegistry.Tar, 2000);

    [Fact]
    public void A_damaged_archive_is_read_or_refused() => Check(Damaged(GoodTar), FakeRegistry.Tar, 5000);

    [Fact]
    public void A_damaged_archive_with_mended_checksums_is_read_or_refused() =>
        Check(Damaged(GoodTar).Select(Mend), FakeRegistry.Tar, 5000);

    [Fact]
    public void A_damaged_gzip_is_read_or_refused() => Check(Damaged(Archive.Gzip(GoodTar)), FakeRegistry.TarGzip, 3000);

    [Fact]
    public void A_damaged_zstd_is_read_or_refused() =>
        Check(Damaged(Archive.Zstd(GoodTar)), "application/vnd.oci.image.layer.v1.tar+zstd", 3000);

    [Fact]
    public void A_damaged_manifest_is_read_or_refused()
    {
        var good = Encoding.UTF8.GetBytes($$"""
            {"schemaVersion":2,"config":{"mediaType":"a"},"layers":[{"mediaType":"b.tar","size":1,"digest":"{{Sha}}",
             "annotations":{"org.opencontainers.image.title":"\u0061"} } ]}
            """);
        var texts = Damaged(good).Or(ArbMap.Default.GeneratorFor<byte[]>()).ToArbitrary();
        Prop.ForAll(texts, bytes => Outcome(registry => registry.PushManifest(Encoding.Latin1.GetString(bytes))))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
        Prop.ForAll(texts, bytes => Parsed(bytes)).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    private static void Check(Gen<byte[]> layers, string type, int times) => Prop.ForAll(layers.ToArbitrary(),
        bytes => Outcome(registry => registry.PushManifest(FakeRegistry.Manifest(registry.Blob(type, bytes)))))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(times));

    private static bool Outcome(Func<FakeRegistry, Digest> push)
    {
        using var registry = new FakeRegistry();
        var limits = new RegistryLimits { Total = TimeSpan.FromSeconds(10) };
        try
        {
            var image = registry.ReadAsync(push(registry), null, limits).GetAwaiter().GetResult();
            return image.Files.Keys.All(path => path.Length > 0 && !path.StartsWith('/') && !path.Split('/').Contains(".."));
        }
        catch (OciException fault)
        {
            return fault.Kind is OciFailure.Invalid or OciFailure.TooLarge or OciFailure.Unsupported or OciFailure.NotFound
                && !fault.Message.Any(char.IsControl);
        }
    }

    /// <summary>Bytes that are not even UTF-8.</summary>
    private static bool Parsed(byte[] manifest)
    {
        try
        {
            return new SchemaGate.Oci.Manifests.ManifestReader(FakeRegistry.Image, new RegistryLimits()).Read(manifest) is not null;
        }
        catch (OciException)
        {
            return true;
        }
    }

    /// <summary>Some bytes changed, and perhaps the end cut off or a part doubled.</summary>
    private static Gen<byte[]> Damaged(byte[] good) =>
        from changes in Gen.ListOf(Gen.Choose(0, good.Length - 1).Zip(ArbMap.Default.GeneratorFor<byte>()))
        from cut in Gen.Frequency((3, Gen.Constant(good.Length)), (1, Gen.Choose(0, good.Length)))
        from again in Gen.Choose(0, good.Length)
        select Change(good, changes, cut, again);

    private static byte[] Change(byte[] good, IEnumerable<(int, byte)> changes, int cut, int again)
    {
        var bytes = good.ToArray();
        foreach (var (at, value) in changes)
        {
            bytes[at] = value;
        }

        return [.. bytes[..cut], .. again % 3 == 0 ? bytes[again..] : []];
    }

    /// <summary>Makes every block that could be a header one, so that damage gets past the checksum.</summary>
    private static byte[] Mend(byte[] archive)
    {
        for (var at = 0; at + 512 <= archive.Length; at += 512)
        {
            var block = archive.AsSpan(at, 512);
            if (block.ContainsAnyExcept((byte)0))
            {
                "        "u8.CopyTo(block[148..]);
                var sum = 0;
                foreach (var value in block)
                {
                    sum += value;
                }

                Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(block[148..]);
            }
        }

        return archive;
    }
}
