using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SchemaGate.EndToEnd.Registries;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Operating;

/// <summary>A gate that tells a receiver outside of the cluster that it has opened, while the operator is killed.</summary>
[TestClass(DisableParallelization = true)]
public sealed class NotifyTests(OperatorFixture schemagate) : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Id, JsonElement Event, bool IsSigned)> taken = new();
    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    private WebApplication? receiver;
    private int status = StatusCodes.Status500InternalServerError;

    [Fact, Trait("needs", "packages")]
    public async Task A_receiver_is_told_of_each_set_with_one_id_whoever_leads()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        using PrivateAuthority authority = new(IPAddress.Parse(TestEnvironment.Host));
        string url = await ListenAsync(authority);
        string written = $"whsec_{Convert.ToBase64String(key)}";
        await shop.InShopAsync(
            "create", "secret", "generic", "hook", $"--from-literal=keys={written}",
            $"--from-literal=ca.crt={authority.Certificate.ExportCertificatePem()}");
        string notify = $"notify: {{ url: \"{url}\", environment: test, signingKeysFrom: {{ name: hook, key: keys }}, "
            + "authoritiesFrom: { name: hook, key: ca.crt } },";
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyGateAsync("1", notify);
        await SaysAsync(shop, "NotifyPending");
        await shop.GateSaysAsync("Open");

        await OperatorFixture.InNamespaceAsync("delete", "pods", "-l", "app.kubernetes.io/name=schemagate", "--wait=false");
        status = StatusCodes.Status204NoContent;
        await OperatorFixture.WaitAsync();
        await SaysAsync(shop, "Notified");
        string first = Assert.Single(taken.Select(one => one.Id).Distinct(StringComparer.Ordinal));
        Assert.Equal([Shop.First], Migrations());

        await shop.ApplyGateAsync("2", notify);
        await shop.GateSaysAsync("MigrationsPending");
        await shop.MigrateAsync(Shop.First, Shop.Second);
        await Eventually.TrueAsync(
            () => Task.FromResult(taken.Last().Id != first), () => "the receiver is told of the second set");
        Assert.Equal([Shop.Second], Migrations());
        Assert.All(taken, one => Assert.True(one.IsSigned));
        Assert.DoesNotContain(
            written, await shop.InShopAsync("get", "schemagates,events", "-o", "yaml") + await OperatorFixture.LogAsync(),
            StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => receiver?.DisposeAsync() ?? ValueTask.CompletedTask;

    private string?[] Migrations() => [.. taken.Last().Event.GetProperty("data").GetProperty("migrations").EnumerateArray()
        .Select(migration => migration.GetProperty("name").GetString())];

    private async Task<string> ListenAsync(PrivateAuthority authority)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options => options.Listen(
            IPAddress.Parse(TestEnvironment.Host), 0, listen => listen.UseHttps(authority.Server)));
        receiver = builder.Build();
        receiver.Run(TakeAsync);
        await receiver.StartAsync();
        return receiver.Urls.Single();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        string id = context.Request.Headers["webhook-id"].ToString();
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{context.Request.Headers["webhook-timestamp"]}."), .. body.ToArray()];
        taken.Enqueue((
            id,
            JsonDocument.Parse(body.ToArray()).RootElement,
            context.Request.Headers["webhook-signature"] == $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}"));
        context.Response.StatusCode = status;
    }

    private static async Task SaysAsync(Shop shop, string reason)
    {
        JsonElement gate = default;
        await Eventually.TrueAsync(
            async () => (gate = await shop.GateAsync()).TryGetProperty("status", out JsonElement known)
                && known.GetProperty("conditions").EnumerateArray().Any(condition =>
                    condition.GetProperty("type").GetString() == "Notified" && condition.GetProperty("reason").GetString() == reason),
            () => $"the condition Notified says {reason}; the gate is {gate}");
    }
}
