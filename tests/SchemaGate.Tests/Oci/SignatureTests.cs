using System.Net;
using System.Security.Cryptography;
using System.Text;
using SchemaGate.Oci;
using SchemaGate.Oci.Signatures;

namespace SchemaGate.Tests.Oci;

public sealed class SignatureTests : IDisposable
{
    private readonly FakeRegistry registry = new();
    private readonly Cosign cosign = new();
    private readonly Digest image;
    private readonly Digest other;
    private readonly string manifest;

    public SignatureTests()
    {
        other = registry.Push(Archive.Tar(("b", "b")));
        manifest = FakeRegistry.Manifest(registry.Blob(FakeRegistry.Tar, Archive.Tar(("a", "a"))));
        image = registry.PushManifest(manifest);
    }

    public void Dispose()
    {
        registry.Dispose();
        cosign.Dispose();
    }

    [Fact]
    public async Task An_image_is_signed_by_a_payload_under_its_tag()
    {
        Cosign.Tag(registry, image, cosign.Signed(image));
        Assert.IsType<SignatureVerdict.Verified>(await VerifyAsync());
    }

    [Theory]
    [InlineData(true, "application/vnd.dev.sigstore.bundle.v0.3+json")]
    [InlineData(false, "application/vnd.dev.sigstore.bundle.v0.3+json")]
    [InlineData(false, "application/vnd.oci.empty.v1+json")]
    public async Task An_image_is_signed_by_a_bundle_that_refers_to_it(bool isKnown, string type)
    {
        Cosign.Refer(registry, image, isKnown, type, cosign.Bundle(image));
        Assert.IsType<SignatureVerdict.Verified>(await VerifyAsync());
    }

    [Fact]
    public async Task An_image_is_signed_by_a_bundle_with_a_signature_of_its_manifest()
    {
        Cosign.Refer(registry, image, cosign.MessageBundle(Encoding.UTF8.GetBytes(manifest)));
        Assert.IsType<SignatureVerdict.Verified>(await VerifyAsync());
    }

    [Theory]
    [InlineData("P-384")]
    [InlineData("P-521")]
    [InlineData("RSA")]
    public async Task Other_curves_and_RSA_sign_as_well(string kind)
    {
        using Cosign another = new(kind switch
        {
            "P-384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            "P-521" => ECDsa.Create(ECCurve.NamedCurves.nistP521),
            _ => RSA.Create(2048),
        });
        Cosign.Tag(registry, image, another.Signed(image));
        Assert.IsType<SignatureVerdict.Verified>(await VerifyAsync(another.PublicPem));
        Assert.IsType<SignatureVerdict.Refused>(await VerifyAsync());
    }

    [Fact]
    public async Task One_of_several_keys_and_one_of_several_signatures_suffice()
    {
        using Cosign another = new();
        Cosign.Tag(registry, image, ("{"u8.ToArray(), [1, 2, 3]), another.Signed(other), cosign.Signed(image));
        Assert.IsType<SignatureVerdict.Verified>(await VerifyAsync($"{another.PublicPem}\n{cosign.PublicPem}"));
        Cosign.Tag(registry, image, another.Signed(image));
        Cosign.Refer(registry, image, "{}", cosign.Bundle(image));
        Assert.IsType<SignatureVerdict.Verified>(await VerifyAsync());
    }

    [Fact]
    public async Task An_image_without_a_signature_is_unsigned_in_words()
    {
        var unsigned = Assert.IsType<SignatureVerdict.Absent>(await VerifyAsync());
        Assert.Contains($"no signature under the tag sha256-{image.Hex}.sig", unsigned.Message, StringComparison.Ordinal);
        Cosign.Tag(registry, other, cosign.Signed(other));
        Cosign.Refer(registry, other, cosign.Bundle(other));
        Assert.IsType<SignatureVerdict.Absent>(await VerifyAsync());
    }

    [Fact]
    public async Task A_signature_by_another_key_does_not_count()
    {
        using Cosign another = new();
        Cosign.Tag(registry, image, another.Signed(image));
        await RefusedAsync("none of the keys");
        Cosign.Refer(registry, image, another.Bundle(image), another.MessageBundle(Encoding.UTF8.GetBytes(manifest)));
        await RefusedAsync("none of the keys");
    }

    [Fact]
    public async Task A_signature_of_another_image_does_not_count_wherever_it_is_filed()
    {
        Cosign.Tag(registry, image, cosign.Signed(other));
        await RefusedAsync($"another image, \"{other}\"");
        Cosign.Refer(registry, image, cosign.Bundle(other));
        await RefusedAsync($"another image, \"{other}\"");
    }

    [Fact]
    public async Task A_signature_of_another_manifest_does_not_count()
    {
        Cosign.Refer(registry, image, cosign.MessageBundle("{}"u8.ToArray()));
        await RefusedAsync("or the signature is of another image");
    }

    [Theory]
    [InlineData("registry.test/shop/other", false)]
    [InlineData("elsewhere.test/shop/schema", false)]
    [InlineData("", false)]
    [InlineData("no reference!", false)]
    [InlineData("registry.test/shop/schema:2", true)]
    public async Task A_payload_is_for_one_repository(string place, bool counts)
    {
        Cosign.Tag(registry, image, cosign.Signed(image, place));
        if (counts)
        {
            Assert.IsType<SignatureVerdict.Verified>(await VerifyAsync());
        }
        else
        {
            await RefusedAsync("which is another repository");
        }
    }

    [Fact]
    public async Task An_attestation_by_the_same_key_is_no_signature()
    {
        Cosign.Refer(registry, image, cosign.Bundle(image, "https://slsa.dev/provenance/v1"));
        await RefusedAsync("is an attestation (\"https://slsa.dev/provenance/v1\")");
        Cosign.Tag(registry, image, cosign.Signed(image, type: "atomic container signature"));
        await RefusedAsync("is not an image's signature");
    }

    [Fact]
    public async Task A_payload_that_was_changed_does_not_count()
    {
        var (payload, signature) = cosign.Signed(other);
        byte[] changed = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(payload).Replace(other.Hex, image.Hex, StringComparison.Ordinal));
        Cosign.Tag(registry, image, (changed, signature));
        await RefusedAsync("none of the keys");
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, OciFailure.Denied)]
    [InlineData(HttpStatusCode.BadGateway, OciFailure.Unreachable)]
    public async Task A_registry_that_does_not_tell_is_no_verdict(HttpStatusCode status, OciFailure kind)
    {
        registry.Fault = _ => FakeRegistry.Answer(status);
        Assert.Equal(kind, (await Assert.ThrowsAsync<OciException>(() => VerifyAsync())).Kind);
    }

    [Fact]
    public async Task Of_a_flood_of_signatures_some_are_looked_at()
    {
        using Cosign another = new();
        Cosign.Tag(registry, image, [.. Enumerable.Range(0, 500).Select(number => (Encoding.UTF8.GetBytes($"{number}"), new byte[9]))]);
        Cosign.Refer(registry, image, [.. Enumerable.Range(0, 500).Select(number => $"{{\"a\":{number}}}")]);
        Assert.IsType<SignatureVerdict.Refused>(await VerifyAsync());
        Assert.InRange(registry.Requests.Count, 1, 80);
    }

    [Fact]
    public async Task A_signature_that_is_too_large_is_not_read()
    {
        Cosign.Tag(registry, image, (new byte[300 << 10], [1]));
        await RefusedAsync("more than 262144 bytes");
        Assert.DoesNotContain(registry.Requests, request => request.Contains("/blobs/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, true, true)]
    [InlineData(0, false, false)]
    [InlineData(70_000, true, false)]
    public async Task A_bundle_whose_manifest_may_be_large_is_not_read(int padding, bool isStated, bool counts)
    {
        string bundle = registry.Blob("application/vnd.dev.sigstore.bundle.v0.3+json", Encoding.UTF8.GetBytes(cosign.Bundle(image)));
        string referrer = FakeRegistry.Artifact(bundle) + new string(' ', padding);
        string size = isStated ? $",\"size\":{referrer.Length}" : "";
        registry.Refer(image, $$"""{"manifests":[{"digest":"{{registry.PushManifest(referrer, "x")}}"{{size}}}]}""");
        if (counts)
        {
            Assert.IsType<SignatureVerdict.Verified>(await VerifyAsync());
        }
        else
        {
            await RefusedAsync("without a size, or of more than 65536 bytes");
            Assert.DoesNotContain(registry.Requests, request => request.Contains("/manifests/sha256:", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(60_000, false)]
    public async Task A_list_of_very_many_empty_objects_is_not_read_into_memory(int empty, bool counts)
    {
        var (payload, signature) = cosign.Signed(image);
        string layer = registry.Blob(
            "application/vnd.dev.cosign.simplesigning.v1+json", payload,
            annotations: $"\"dev.cosignproject.cosign/signature\":\"{Convert.ToBase64String(signature)}\"");
        registry.PushManifest(FakeRegistry.Manifest([.. Enumerable.Repeat("{}", empty), layer]), $"sha256-{image.Hex}.sig");
        if (counts)
        {
            Assert.IsType<SignatureVerdict.Verified>(await VerifyAsync());
        }
        else
        {
            await RefusedAsync("has no manifest that can be read");
        }
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, "<html>")]
    [InlineData(HttpStatusCode.OK, "{}")]
    [InlineData(HttpStatusCode.OK, null)]
    [InlineData(HttpStatusCode.Forbidden, "")]
    public async Task A_bundle_is_found_under_the_tag_where_a_registry_answers_something_else(HttpStatusCode status, string? answer)
    {
        registry.Fault = request => request.RequestUri!.AbsolutePath.Contains("/referrers/", StringComparison.Ordinal)
            ? FakeRegistry.Answer(status, answer ?? new string(' ', 2 << 20))
            : null;
        Cosign.Refer(registry, image, isKnown: false, "application/vnd.dev.sigstore.bundle.v0.3+json", cosign.Bundle(image));
        Assert.IsType<SignatureVerdict.Verified>(await VerifyAsync());
    }

    [Fact]
    public async Task A_registry_that_does_not_tell_who_refers_to_an_image_has_not_said_that_nobody_does()
    {
        registry.Fault = request => request.RequestUri!.AbsolutePath.Contains("/referrers/", StringComparison.Ordinal)
            ? FakeRegistry.Answer(HttpStatusCode.Forbidden)
            : null;
        Assert.Equal(OciFailure.Denied, (await Assert.ThrowsAsync<OciException>(() => VerifyAsync())).Kind);
    }

    /// <summary>Made with OpenSSL after cosign's specifications: another hand than the tests'.</summary>
    [Fact]
    public void What_another_tool_signed_is_verified()
    {
        SignatureJudge judge = new(FakeRegistry.Image, Parsed("sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
            Keys(File.ReadAllText(Golden("cosign.pub"))));
        Assert.Null(judge.OfPayload(File.ReadAllBytes(Golden("payload.json")), File.ReadAllText(Golden("payload.sig"))));
        Assert.Null(judge.OfBundle(File.ReadAllBytes(Golden("bundle.json"))));
    }

    [Theory]
    [InlineData("", "there is no public key")]
    [InlineData(
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEApHu/Q1ffIOSu7rmkP4ScDUmW+CuniB0MVorO4Z1h0JA=\n-----END PUBLIC KEY-----", "Ed25519")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "cannot be read")]
    [InlineData("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----", "is a private key")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "something else than a PUBLIC KEY")]
    public void What_is_no_key_is_said_in_words_that_quote_nothing(string pem, string words)
    {
        Assert.False(VerificationKey.TryParse(pem, out _, out string? problem));
        Assert.Contains(words, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("AAAA", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_are_too_weak_or_too_many_are_none()
    {
        using RSA weak = RSA.Create(1024);
        Assert.False(VerificationKey.TryParse(weak.ExportSubjectPublicKeyInfoPem(), out _, out string? problem));
        Assert.Contains("less than 2048 bits", problem, StringComparison.Ordinal);
        Assert.False(VerificationKey.TryParse(string.Concat(Enumerable.Repeat(cosign.PublicPem + "\n", 17)), out _, out problem));
        Assert.Contains("more than 16 keys", problem, StringComparison.Ordinal);
    }

    private static string Golden(string file) => Path.Combine(AppContext.BaseDirectory, "Oci", "corpus", "signatures", file);

    private static Digest Parsed(string text) =>
        Digest.TryParse(text, out var digest) ? digest : throw new ArgumentException("no digest", nameof(text));

    private static IReadOnlyList<VerificationKey> Keys(string pem) =>
        VerificationKey.TryParse(pem, out var keys, out var problem) ? keys : throw new ArgumentException(problem, nameof(pem));

    private async Task<SignatureVerdict> VerifyAsync(string? pem = null)
    {
        using var client = registry.Client();
        return await client.VerifyAsync(
            FakeRegistry.Image, image, Keys(pem ?? cosign.PublicPem), new(), TestContext.Current.CancellationToken);
    }

    private async Task RefusedAsync(string words) =>
        Assert.Contains(words, Assert.IsType<SignatureVerdict.Refused>(await VerifyAsync()).Message, StringComparison.Ordinal);
}
