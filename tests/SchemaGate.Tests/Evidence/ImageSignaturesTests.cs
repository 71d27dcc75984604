using System.Net;
using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;
using SchemaGate.Oci;
using SchemaGate.Tests.Oci;

namespace SchemaGate.Tests.Evidence;

/// <summary>Where a signature is required, nothing of an image is read before there is one.</summary>
public sealed class ImageSignaturesTests : IAsyncLifetime
{
    private readonly FakeRegistry registry = new();
    private readonly Cosign cosign = new();
    private readonly Kubernetes.ManualTime time = new();
    private readonly ImageEvidence images;
    private LoopbackRegistry server = null!;
    private Digest digest = null!;

    public ImageSignaturesTests() => images = new ImageEvidence(allowPlainHttp: true, time);

    public async ValueTask InitializeAsync()
    {
        digest = registry.Push(
            Archive.Tar(("docs/DATABASE_SCHEMA_CHANGELOG.md", "# x"), ("prisma/migrations/1/migration.sql", "SELECT 1;")));
        server = await LoopbackRegistry.StartAsync(registry);
    }

    public async ValueTask DisposeAsync()
    {
        images.Dispose();
        cosign.Dispose();
        await server.DisposeAsync();
        registry.Dispose();
    }

    [Fact]
    public async Task An_unsigned_image_is_not_read_and_one_that_is_signed_a_moment_later_is()
    {
        Assert.Equal(Reasons.ImageUnsigned, (await MissingAsync()).Reason);
        Assert.DoesNotContain(registry.Requests, request => request.Contains("/blobs/", StringComparison.Ordinal));
        Sign(cosign);
        Assert.Equal(Reasons.ImageUnsigned, (await MissingAsync()).Reason);
        time.Advance(TimeSpan.FromSeconds(21));
        await FoundAsync();
    }

    [Fact]
    public async Task What_is_signed_is_asked_for_once_for_a_digest_and_its_keys()
    {
        Sign(cosign);
        await FoundAsync();
        int asked = registry.Requests.Count;
        time.Advance(TimeSpan.FromDays(1));
        await FoundAsync();
        Assert.Equal(asked, registry.Requests.Count);
    }

    [Fact]
    public async Task What_one_gate_may_read_another_one_with_other_keys_may_not()
    {
        using Cosign another = new();
        Sign(cosign);
        await FoundAsync();
        Assert.Equal(Reasons.SignatureInvalid, (await MissingAsync(another.PublicPem)).Reason);
        await FoundAsync($"{cosign.PublicPem}\n{another.PublicPem}");
    }

    [Fact]
    public async Task An_image_that_is_another_by_now_needs_a_signature_of_its_own()
    {
        Sign(cosign);
        await FoundAsync(reference: ":1");
        registry.Push(Archive.Tar(("docs/DATABASE_SCHEMA_CHANGELOG.md", "# y"), ("prisma/migrations/1/migration.sql", "SELECT 2;")));
        Assert.Equal(Reasons.ImageUnsigned, (await MissingAsync(reference: ":1")).Reason);
    }

    [Fact]
    public async Task A_registry_that_is_out_leaves_it_unread()
    {
        registry.Fault = request => request.RequestUri!.AbsolutePath.EndsWith(".sig", StringComparison.Ordinal)
            ? FakeRegistry.Answer(HttpStatusCode.NotImplemented)
            : null;
        var unreachable = Assert.IsType<Evidence<ChangelogEvidence>.Unreachable>(await ReadAsync(cosign.PublicPem, $"@{digest}"));
        Assert.Equal(Reasons.RegistryUnreachable, unreachable.Reason);
    }

    [Fact]
    public async Task A_key_that_is_none_closes_in_words()
    {
        var missing = await MissingAsync("secret");
        Assert.Equal(Reasons.VerificationKeyInvalid, missing.Reason);
        Assert.Contains("spec.changelog.verify: there is no public key in PEM", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_migrations_alone_need_it_as_well()
    {
        Evidence<Core.Migrations.MigrationSet> set = await images.ReadMigrationsAsync(
            $"{server.Repository}:1", ChangelogSource.DefaultMigrations, plainHttp: true, TestContext.Current.CancellationToken,
            verify: new([cosign.PublicPem]));
        Assert.Equal(Reasons.ImageUnsigned, Assert.IsType<Evidence<Core.Migrations.MigrationSet>.Missing>(set).Reason);
    }

    private void Sign(Cosign signer) => Cosign.Tag(registry, digest, signer.Signed(digest, server.Repository));

    private async Task FoundAsync(string? pem = null, string? reference = null) =>
        Assert.IsType<Evidence<ChangelogEvidence>.Found>(await ReadAsync(pem ?? cosign.PublicPem, reference ?? $"@{digest}"));

    private async Task<Evidence<ChangelogEvidence>.Missing> MissingAsync(string? pem = null, string? reference = null) =>
        Assert.IsType<Evidence<ChangelogEvidence>.Missing>(await ReadAsync(pem ?? cosign.PublicPem, reference ?? $"@{digest}"));

    private async Task<Evidence<ChangelogEvidence>> ReadAsync(string pem, string reference) => (await images.ReadAsync(
        new(
            server.Repository + reference, null, ChangelogSource.DefaultMigrations, TimeSpan.FromMinutes(5), PlainHttp: true,
            RecordsThisDatabase: false)
        {
            Verify = new([pem]),
        },
        TimeSpan.Zero, TestContext.Current.CancellationToken)).Evidence;
}
