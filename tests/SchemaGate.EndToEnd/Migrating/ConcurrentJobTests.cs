using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Migrating;

/// <summary>Several Jobs for one gate at once: whoever made them, one of them applies each migration.</summary>
public sealed class ConcurrentJobTests(OperatorFixture schemagate)
{
    private const string Prisma = "SELECT pg_advisory_lock(72707369)";

    private const string Polling = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE '%pg_try_advisory_lock(72707369)%' AND pid <> pg_backend_pid()
        """;

    private static readonly string[] AllOnce = [ShopRuns.Applied(Shop.First), ShopRuns.Applied(Shop.Second), ShopRuns.Applied(Shop.Third)];

    [Fact]
    public async Task Ten_Jobs_at_once_apply_each_migration_once()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await using NpgsqlConnection holder = await shop.HoldAsync(Prisma);
        JsonElement job = await StartedAsync(shop, copies: 9, owned: false);
        await shop.UntilAsync(Polling, "10");
        await holder.CloseAsync();

        await shop.GateSaysAsync("Open");
        await Eventually.TrueAsync(async () => (await shop.JobsAsync()).All(IsComplete), () => "every Job ends well");
        Assert.Equal(AllOnce, await shop.HistoryAsync());
        Assert.Equal(10, (await shop.JobsAsync()).Count);
        Assert.Equal(
            (1, NameOf(job)),
            ((await shop.SucceedsAsync()).GetProperty("attempt").GetInt32(), (await shop.RunAsync()).GetProperty("job").GetString()));
    }

    [Fact]
    public async Task Copies_that_say_they_are_the_gate_s_are_ended_and_its_own_goes_on()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await using NpgsqlConnection holder = await shop.HoldAsync(Prisma);
        JsonElement job = await StartedAsync(shop, copies: 3, owned: true);
        await Eventually.TrueAsync(async () => (await shop.JobsAsync()).Count == 1, () => "the copies are gone");
        await shop.UntilAsync(Polling, "1");
        await holder.CloseAsync();

        await shop.GateSaysAsync("Open");
        Assert.Equal(AllOnce, await shop.HistoryAsync());
        Assert.Equal(1, (await shop.SucceedsAsync()).GetProperty("attempt").GetInt32());
        Assert.Equal(NameOf(job), NameOf(Assert.Single(await shop.JobsAsync())));
    }

    /// <summary>The operator's Job, which waits for the migration lock, and copies of it.</summary>
    private static async Task<JsonElement> StartedAsync(Shop shop, int copies, bool owned)
    {
        await shop.ApplyGateAsync("3", ShopRuns.AsJob);
        await shop.GateSaysAsync("Migrating");
        await shop.UntilAsync(Polling, "1");
        JsonElement job = Assert.Single(await shop.JobsAsync());
        await CopyAsync(shop, job, copies, owned);
        return job;
    }

    private static async Task CopyAsync(Shop shop, JsonElement job, int copies, bool owned)
    {
        JsonObject metadata = Node(job, "metadata"), template = Node(job.GetProperty("spec"), "template");
        foreach (string generated in (string[])["controller-uid", "job-name"])
        {
            template["metadata"]!["labels"]!.AsObject().Remove(generated);
        }

        JsonArray items = [.. Enumerable.Range(1, copies).Select(number => new JsonObject
        {
            ["apiVersion"] = "batch/v1",
            ["kind"] = "Job",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"copy-{number}",
                ["namespace"] = shop.Namespace,
                ["labels"] = owned ? metadata["labels"]!.DeepClone() : null,
                ["annotations"] = owned ? metadata["annotations"]!.DeepClone() : null,
                ["ownerReferences"] = owned ? metadata["ownerReferences"]!.DeepClone() : null,
            },
            ["spec"] = new JsonObject { ["backoffLimit"] = 0, ["template"] = template.DeepClone() },
        })];
        await Shop.KubectlInputAsync(
            new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List", ["items"] = items }.ToJsonString(),
            "create",
            "-f",
            "-");
    }

    private static JsonObject Node(JsonElement parent, string name) => JsonNode.Parse(parent.GetProperty(name).GetRawText())!.AsObject();

    private static string NameOf(JsonElement job) => job.GetProperty("metadata").GetProperty("name").GetString()!;

    private static bool IsComplete(JsonElement job) => job.GetProperty("status").TryGetProperty("conditions", out JsonElement conditions)
        && conditions.EnumerateArray().Any(condition => condition.GetProperty("type").GetString() == "Complete");
}
