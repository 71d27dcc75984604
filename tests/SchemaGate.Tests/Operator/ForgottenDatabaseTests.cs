using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Kubernetes;
using SchemaGate.Operator;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>A Secret names another database: nothing of the old one counts from then on, whether the new one answers or not.</summary>
public sealed class ForgottenDatabaseTests
{
    [Fact]
    public async Task What_is_known_of_a_database_is_forgotten_before_another_is_tried()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync();
        string body = "";
        server.List(async context =>
        {
            body = await new StreamReader(context.Request.Body).ReadToEndAsync();
            await FakeApiServer.Text(200, body)(context);
        });
        using KubernetesClient client = server.Client();
        StatusWriter writer = new(client, announcer: null!);
        SchemaGateResource gate = Gate();

        SchemaGateResource stored = await writer.ForgetAsync(gate, "two", TestContext.Current.CancellationToken);

        Assert.Equal((DatabaseStatus.Unread, "two"), (stored.Status!.Database!.Identity, stored.Status.Database.Fingerprint));
        Assert.Contains("/schemagates/shop/status", Assert.Single(server.Requests), StringComparison.Ordinal);
        Assert.Equal("2", JsonElement.Parse(body).GetProperty("metadata").GetProperty("resourceVersion").GetString());
        Assert.NotEqual(DatabaseStatus.Unread, gate.Status!.Database!.Identity, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("one")]
    [InlineData(null)]
    public async Task The_same_one_is_remembered_without_a_write(string? fingerprint)
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync();
        using KubernetesClient client = server.Client();
        SchemaGateResource gate = Gate();
        Assert.Same(gate, await new StatusWriter(client, announcer: null!).ForgetAsync(
            gate, fingerprint, TestContext.Current.CancellationToken));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void A_fingerprint_is_of_one_gate_one_URL_one_schema_and_one_key()
    {
        SealKey key = new(new byte[32]);
        byte[] other = [.. Enumerable.Repeat((byte)1, 32)];
        string[] prints =
        [
            key.Fingerprint("g", "postgresql://u:p@h/d", null), key.Fingerprint("h", "postgresql://u:p@h/d", null),
            key.Fingerprint("g", "postgresql://u:q@h/d", null), key.Fingerprint("g", "postgresql://u:p@h/d", "s"),
            new SealKey(other).Fingerprint("g", "postgresql://u:p@h/d", null),
        ];
        Assert.Equal(prints.Length, prints.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(prints[0], key.Fingerprint("g", "postgresql://u:p@h/d", null));
    }

    private static SchemaGateResource Gate() => SchemaGateResource.Resource.Read(JsonElement.Parse(VerdictServer.Gate()
        .Replace("\"identity\":\"7/shop/public\"", "\"identity\":\"7/shop/public\",\"fingerprint\":\"one\"", StringComparison.Ordinal)));
}
