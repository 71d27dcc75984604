using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Oci;
using SchemaGate.Tests.Kubernetes;
using SchemaGate.Tests.Oci;
using SchemaGate.Tests.Postgres;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>A gate whose image has to be signed by a key of its spec or by one of a Secret, and is signed by the latter's.</summary>
[Collection(Alone.Name)]
public sealed class SignedGateTests : IAsyncLifetime
{
    private readonly FakeRegistry images = new();
    private readonly Cosign signer = new();
    private readonly Cosign other = new();
    private LoopbackRegistry registry = null!;

    public async ValueTask InitializeAsync()
    {
        registry = await LoopbackRegistry.StartAsync(images);
        Digest image = images.Push(Archive.Tar(
            ("docs/DATABASE_SCHEMA_CHANGELOG.md", "# Schema\n\n## Pending\n\n## Migrated\n\n### 1_a\n\n- **Status**: MIGRATED\n"),
            ("prisma/migrations/1_a/migration.sql", "SELECT 1;")));
        Cosign.Tag(images, image, signer.Signed(image, registry.Repository));
    }

    public async ValueTask DisposeAsync()
    {
        await registry.DisposeAsync();
        images.Dispose();
        signer.Dispose();
        other.Dispose();
    }

    [Fact]
    public async Task The_Secret_s_key_counts_beside_those_of_the_spec() => Assert.Equal(Reasons.Open, await ReasonAsync(signer.PublicPem));

    [Fact]
    public async Task Another_key_in_the_Secret_closes() => Assert.Equal(Reasons.SignatureInvalid, await ReasonAsync(other.PublicPem));

    [Fact]
    public async Task What_is_no_key_closes() => Assert.Equal(Reasons.VerificationKeyInvalid, await ReasonAsync("no key"));

    [Fact]
    public async Task A_Secret_without_the_key_closes() => Assert.Equal(Reasons.SecretNotFound, await ReasonAsync(null));

    private async Task<string?> ReasonAsync(string? secret)
    {
        using HostileServer database = new((own, stream) => stream.WriteAsync(HostileServer.Row("1_a"), own.Ended).AsTask());
        ObjectKey gate = new("shop", "shop");
        await using GateWorld world = await GateWorld.StartAsync(
            [(gate, $"{registry.Repository}:1", database.UrlText)], signed: new(other.PublicPem, secret));
        world.Queue.Add(gate);
        await Eventually.TrueAsync(() => world.Written(gate).Count > 0);
        return (string?)world.Written(gate)[0]["reason"];
    }
}
