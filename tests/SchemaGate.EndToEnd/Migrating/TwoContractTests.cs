using System.Text.Json;
using System.Text.RegularExpressions;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Migrating;

/// <summary>A workload of two databases, each with a migration that breaks what runs: two gates that wait for one another's pods.</summary>
public sealed class TwoContractTests(OperatorFixture schemagate)
{
    private static readonly string[] s_gates = ["shop", "billing"];

    [Fact]
    public async Task Two_gates_that_would_wait_for_ever_say_so_and_the_way_out_that_each_prints_ends_it()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        string billing = $"{shop.Namespace}-b";
        try
        {
            await BothRunAsync(shop, billing);
            Task<int> asking = ShopContract.AskedWhileAsync(
                () => AskAsync(shop, billing, ShopContract.Asked), shop.HasPodsAsync);
            await shop.PushSqlAsync("contract", ShopContract.Contracting);
            await GatesAsync(shop, "contract");
            await AreAsync(shop, "ContractWaits");
            await shop.ApplyDeploymentAsync("3", requires: Requires(shop, "contract"));
            string[] stuck = await AreAsync(shop, "ContractStuck");
            Assert.All(stuck, message => Assert.Contains("Either make two releases of it", message, StringComparison.Ordinal));

            // The code that does without what goes, with an image that lacks the migration.
            await GatesAsync(shop, "1");
            await shop.ApplyDeploymentAsync("2", requires: Requires(shop, "1"));
            await shop.RunsAsync("2", 2);
            Assert.True(await asking > 0);

            // Then the migration, which nobody but the statistics misses by now.
            await GatesAsync(shop, "contract");
            await shop.ApplyDeploymentAsync("3", requires: Requires(shop, "contract"));
            stuck = await AreAsync(shop, "ContractStuck");
            await AskAsync(shop, billing, Printed(stuck[0], "`(SELECT pg_stat_statements_reset[^`]*)`"));
            asking = ShopContract.AskedWhileAsync(
                () => AskAsync(shop, billing, $"SELECT count(*) FROM \"t_{Shop.First}\""),
                async () => await shop.ReasonAsync() != "Open");
            foreach (string message in stuck)
            {
                (int code, _, string error) = await shop.CommandAsync(Printed(message, "`(kubectl [^`]*schemagate.dev/retry[^`]*)`"));
                Assert.True(code == 0, error);
            }

            await AreAsync(shop, "Open");
            await shop.RunsAsync("3", 2);
            Assert.True(await asking > 0);
        }
        finally
        {
            await Shop.SqlAsync($"DROP DATABASE IF EXISTS \"{billing}\" WITH (FORCE)", "postgres");
        }
    }

    /// <summary>Version 1 runs, with both databases migrated and asked.</summary>
    private static async Task BothRunAsync(Shop shop, string billing)
    {
        await Shop.CreateDatabaseAsync(billing);
        await shop.InShopAsync("create", "secret", "generic", "billing-db", $"--from-literal=DATABASE_URL={Shop.UrlOf(billing)}");
        await GatesAsync(shop, "1");
        await AreAsync(shop, "Open");
        await AskAsync(shop, billing, "CREATE EXTENSION pg_stat_statements");
        await Shop.ApplyManifestAsync(shop.SlowManifest("1", seconds: 4, grace: 30, Requires(shop, "1")));
        await shop.RunsAsync("1", 2);
        await AskAsync(shop, billing, ShopContract.Asked);
    }

    private static async Task AskAsync(Shop shop, string billing, string sql)
    {
        await shop.SqlAsync(sql);
        await Shop.SqlAsync(sql, billing);
    }

    private static string Requires(Shop shop, string tag) =>
        string.Join(',', s_gates.Select(gate => $"{gate}={shop.Images.Reference(tag)}"));

    private static async Task GatesAsync(Shop shop, string tag)
    {
        foreach (string gate in s_gates)
        {
            await Shop.ApplyManifestAsync($$"""
                apiVersion: schemagate.dev/v1alpha1
                kind: SchemaGate
                metadata: { name: {{gate}}, namespace: {{shop.Namespace}} }
                spec: { {{ShopContract.Rehearsed}}
                  changelog: { image: "{{shop.Images.Reference(tag)}}", plainHttp: true, recheck: 2s },
                  database: { urlFrom: { name: {{gate}}-db, key: DATABASE_URL }, recheck: 1s } }
                """);
        }
    }

    /// <summary>Waits until both give this reason, and returns what they say.</summary>
    private static async Task<string[]> AreAsync(Shop shop, string reason)
    {
        List<string> messages = [];
        foreach (string gate in s_gates)
        {
            JsonElement status = default;
            await Eventually.TrueAsync(
                async () => JsonElement.Parse(await shop.InShopAsync("get", $"schemagate/{gate}", "-o", "json"))
                    .TryGetProperty("status", out status) && status.GetProperty("reason").GetString() == reason,
                () => $"the gate {gate} says {reason}; it says {status}");
            messages.Add(status.GetProperty("message").GetString()!);
        }

        return [.. messages];
    }

    private static string Printed(string message, string pattern)
    {
        Match printed = Regex.Match(message, pattern, RegexOptions.None, TimeSpan.FromSeconds(1));
        Assert.True(printed.Success, message);
        return printed.Groups[1].Value;
    }
}
