using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Operating;

/// <summary><c>schemagate changelog sync --gate</c>: the document is told by a gate what is applied.</summary>
public sealed class ChangelogSyncTests(OperatorFixture schemagate)
{
    [Fact]
    public async Task Exactly_what_the_gate_sees_applied_moves_to_Deployed()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        using Checkout checkout = new(Shop.First, Shop.Second, Shop.Third);
        await shop.Images.PushAsync("synced", Shop.First, Shop.Second, Shop.Third);
        await shop.ApplyGateAsync("synced");
        await shop.GateSaysAsync("MigrationsPending");
        Assert.Equal(0, (await SyncAsync(shop, checkout, "--check")).Code);

        await shop.MigrateAsync(Shop.First, Shop.Second);
        await AppliedAsync(shop, 2);
        (int code, string output, string error) = await SyncAsync(shop, checkout);
        Assert.True(code == 0, output + error);
        Assert.Equal([Shop.First, Shop.Second], checkout.Deployed());

        // What was rolled back, and what runs with another file, stays.
        await shop.MigrateAsync(Shop.First, Shop.Second, Shop.Third);
        await shop.SqlAsync($"UPDATE _prisma_migrations SET checksum = repeat('0', 64) WHERE migration_name = '{Shop.Third}'");
        await Eventually.TrueAsync(
            async () => (await SyncAsync(shop, checkout)).Output.Contains("its file has changed since", StringComparison.Ordinal),
            () => "the gate sees that the third is edited");
        await shop.SqlAsync($"UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '{Shop.Third}'");
        await AppliedAsync(shop, 2);
        Assert.Equal(0, (await SyncAsync(shop, checkout, "--check")).Code);
        Assert.Equal([Shop.First, Shop.Second], checkout.Deployed());
    }

    [Fact]
    public async Task Two_at_once_lose_nothing_and_another_checkout_is_refused()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        using Checkout checkout = new(Shop.First, Shop.Second);
        using Checkout other = new(Shop.First, Shop.Third);
        await shop.Images.PushAsync("synced", Shop.First, Shop.Second);
        await shop.MigrateAsync(Shop.First, Shop.Second);
        await shop.ApplyGateAsync("synced");
        await shop.GateSaysAsync("Open");
        (int Code, string Output, string Error)[] both = await Task.WhenAll(SyncAsync(shop, checkout), SyncAsync(shop, checkout));
        Assert.All(both, run => Assert.True(run.Code == 0, run.Output + run.Error));
        Assert.Equal([Shop.First, Shop.Second], checkout.Deployed());
        Assert.Equal(3, (await SyncAsync(shop, other)).Code);
        Assert.Empty(other.Deployed());
    }

    private static Task AppliedAsync(Shop shop, int count) => Eventually.TrueAsync(
        async () => (await shop.GateAsync()).GetProperty("status").TryGetProperty("migrations", out var migrations)
            && migrations.GetProperty("applied").GetInt32() == count,
        () => $"the gate sees {count} applied");

    private static Task<(int Code, string Output, string Error)> SyncAsync(Shop shop, Checkout checkout, params string[] arguments) =>
        TestEnvironment.TryAgainAsync(
            TestEnvironment.Binary,
            ["changelog", "sync", "--gate", "shop", "-n", shop.Namespace, "--changelog", checkout.Document, .. arguments]);

    /// <summary>A directory with a document that has each migration as MIGRATED.</summary>
    private sealed class Checkout : IDisposable
    {
        private readonly string root = Directory.CreateTempSubdirectory("schemagate-").FullName;

        public Checkout(params string[] migrations)
        {
            foreach (string migration in migrations)
            {
                ShopRuns.Write(root, migration);
            }

            Directory.CreateDirectory(Path.GetDirectoryName(Document)!);
            File.WriteAllText(Document, SchemaImages.Document(migrations));
        }

        public string Document => Path.Combine(root, "docs", "DATABASE_SCHEMA_CHANGELOG.md");

        /// <summary>The names below the Deployed heading, in their order.</summary>
        public string[] Deployed() =>
        [
            .. File.ReadLines(Document).SkipWhile(line => !line.StartsWith("## Deployed", StringComparison.Ordinal))
                .Where(line => line.StartsWith("### ", StringComparison.Ordinal)).Select(line => line[4..]).Order(StringComparer.Ordinal),
        ];

        public void Dispose() => Directory.Delete(root, recursive: true);
    }
}
