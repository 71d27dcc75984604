using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary>A checkout, and a database that has its migrations and what people did by hand.</summary>
internal sealed class DriftedShop : IAsyncDisposable
{
    public const string Index = "CREATE INDEX orders_note ON orders (note)";

    private DriftedShop(TestDatabase database) => Database = database;

    public Shop Shop { get; } = new();

    public TestDatabase Database { get; }

    public static async Task<DriftedShop> CreateAsync(params string[] byHand)
    {
        DriftedShop drifted = new(await TestDatabase.CreateAsync());
        drifted.Shop.Migrate(
            "20250101000000_orders", "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric NOT NULL DEFAULT 0, note varchar(40));");
        Assert.Equal(0, (await drifted.RunAsync("migrate", drifted.Shop.Root)).Code);
        await drifted.Database.ExecuteAsync(byHand);
        return drifted;
    }

    public string[] MigrationNames => [.. Directory.EnumerateDirectories(Path.Combine(Shop.Root, "prisma", "migrations"))
        .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public Task<Outcome> RunAsync(params string[] args) => RunAsync(Database.UrlText(), args);

    public static Task<Outcome> RunAsync(string url, params string[] args) =>
        new Schemagate { DatabaseUrl = url }.InvokeAsync(args, TestContext.Current.CancellationToken);

    public Task<Outcome> DiffAsync(params string[] args) => RunAsync(["diff", Shop.Root, .. args]);

    public Task<Outcome> AdoptAsync(string name, params string[] args) => RunAsync(["drift", "adopt", name, Shop.Root, .. args]);

    public async ValueTask DisposeAsync()
    {
        Shop.Dispose();
        await Database.DisposeAsync();
    }
}
