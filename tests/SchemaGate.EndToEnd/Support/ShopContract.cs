using System.Globalization;
using System.Text.Json;

namespace SchemaGate.EndToEnd.Support;

/// <summary>What tests of contracting migrations ask of a shop: code that asks for a column which the next migration takes away.</summary>
internal static class ShopContract
{
    /// <summary>The part of a gate's spec with which it rehearses what it runs.</summary>
    public const string Rehearsed = $"rehearsal: {{ mode: BeforeRun }}, {ShopRuns.AsJob}";

    /// <summary>The statement that it breaks.</summary>
    public const string Asked = $"SELECT id FROM \"t_{Shop.First}\" WHERE id = 1";

    public const string Contracting = $"ALTER TABLE \"t_{Shop.First}\" RENAME COLUMN id TO number;\n";

    /// <summary>
    /// Code that asks runs in pods that take so long to end; asking ends with the last of them, and throws where an answer is an error
    /// before.
    /// </summary>
    /// <param name="shop">The shop, empty.</param>
    /// <param name="seconds">How long a pod goes on after it was told to end.</param>
    /// <param name="grace">How long it may.</param>
    public static async Task<Task<int>> OldCodeAsync(this Shop shop, int seconds, int grace = 30)
    {
        await shop.MigrateAsync(Shop.First);
        await shop.SqlAsync("CREATE EXTENSION pg_stat_statements");
        await shop.ApplyGateAsync("1");
        await Shop.ApplyManifestAsync(shop.SlowManifest("1", seconds, grace));
        await shop.RunsAsync("1", 2);
        return AskedWhileAsync(() => shop.SqlAsync(Asked), shop.HasPodsAsync);
    }

    public static string SlowManifest(this Shop shop, string version, int seconds, int grace, string? requires = null) =>
        shop.DeploymentManifest(version, requires: requires)
            .Replace(
                "terminationGracePeriodSeconds: 1,",
                string.Create(CultureInfo.InvariantCulture, $"terminationGracePeriodSeconds: {grace},"), StringComparison.Ordinal)
            .Replace(
                "name: app,", string.Create(
                    CultureInfo.InvariantCulture, $"name: app, lifecycle: {{ preStop: {{ exec: {{ command: [sleep, '{seconds}'] }} }} }},"),
                StringComparison.Ordinal);

    /// <summary>Asks, over and over, while whoever asks is there: no answer may be an error then.</summary>
    public static async Task<int> AskedWhileAsync(Func<Task> ask, Func<Task<bool>> isThere)
    {
        for (int asked = 0; ; asked++)
        {
            Exception? error = await Record.ExceptionAsync(ask);
            if (!await isThere())
            {
                return asked;
            }

            Assert.Null(error);
        }
    }

    /// <summary>Whether there are any of its first version, also such as are about to end.</summary>
    public static async Task<bool> HasPodsAsync(this Shop shop) => (await ClusterReads.PodsAsync(shop.Namespace)).Any(
        pod => pod.GetProperty("spec").GetProperty("containers")[0].GetProperty("image").GetString()!
            .EndsWith(":v1", StringComparison.Ordinal));

    /// <summary>Applies the migration that takes the column away, and waits until the gate waits for whoever asks.</summary>
    /// <returns>What it says.</returns>
    public static async Task<string> ContractAsync(this Shop shop, string spec = Rehearsed, string sql = Contracting)
    {
        await shop.PushSqlAsync("contract", sql);
        await shop.ApplyGateAsync("contract", spec);
        return await shop.GateSaysAsync("ContractWaits");
    }

    /// <summary>Waits until the message has this in it while the gate gives the same reason.</summary>
    public static async Task SaysAsync(this Shop shop, string reason, string words)
    {
        string seen = "";
        await Eventually.TrueAsync(
            async () => (seen = await shop.GateSaysAsync(reason)).Contains(words, StringComparison.Ordinal),
            () => $"the gate says {words}; it says {seen}");
    }

    public static async Task<string?> ReasonAsync(this Shop shop) =>
        (await shop.GateAsync()).GetProperty("status").GetProperty("reason").GetString();

    public static async Task<JsonElement> ConditionAsync(this Shop shop, string type) =>
        (await shop.GateAsync()).GetProperty("status").GetProperty("conditions").EnumerateArray()
            .First(condition => condition.GetProperty("type").GetString() == type);

    /// <summary>Waits until whoever asked is gone, and the migration has run after that, once.</summary>
    public static async Task ContractsOnceAsync(this Shop shop, Task<int> asking)
    {
        Assert.True(await asking > 0);
        await shop.GateSaysAsync("Open");
        Assert.Equal(["number"], await shop.QueryAsync(
            $"SELECT attname FROM pg_attribute WHERE attrelid = '\"t_{Shop.First}\"'::regclass AND attnum > 0"));
        Assert.Equal(["1"], await shop.QueryAsync($"SELECT count(*) FROM _prisma_migrations WHERE migration_name = '{Shop.Second}'"));
        Assert.Single(await shop.JobsAsync(), job => job.GetProperty("metadata").GetProperty("labels")
            .GetProperty("app.kubernetes.io/component").GetString() != "rehearse");
    }

    public static Task ScaleAsync(this Shop shop, string deployment, int replicas) => shop.InShopAsync(
        "scale", $"deployment/{deployment}", string.Create(CultureInfo.InvariantCulture, $"--replicas={replicas}"));
}
