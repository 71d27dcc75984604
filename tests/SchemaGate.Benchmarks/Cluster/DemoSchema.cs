namespace SchemaGate.Benchmarks.Cluster;

/// <summary>The demo's changelog and its three migrations, as an image and as a database.</summary>
internal static class DemoSchema
{
    public const string LastMigration = "20241224100000_add_cs_ai_usage_tables";

    private static readonly string s_directory = Path.Combine(Checkout.Root, "config/demo/schema-v2");

    /// <summary>Gives such a database its last migration.</summary>
    public const string Commit = "INSERT INTO _prisma_migrations SELECT * FROM later";

    /// <summary>For a repository, a database, a namespace.</summary>
    public static string NewName() => $"bench-{Guid.NewGuid():N}"[..16];

    /// <returns>The image's reference.</returns>
    public static async Task<string> PushAsync(string name)
    {
        string repository = $"{name}/schema:1";
        await ChildProcess.RunAsync(Path.Combine(Checkout.Root, "tests/cluster/push-image"), [s_directory, repository]);
        return $"{Needed.Registry}/{repository}";
    }

    /// <returns>A database that lacks the last one, until <see cref="Commit"/> is run there.</returns>
    public static async Task<ScratchDatabase> LackingAsync(string name)
    {
        ScratchDatabase database = await MigratedAsync(name);
        await database.SqlAsync($"""
            CREATE TABLE later AS SELECT * FROM _prisma_migrations WHERE migration_name = '{LastMigration}';
            DELETE FROM _prisma_migrations WHERE migration_name = '{LastMigration}'
            """);
        return database;
    }

    /// <returns>A database that has them all.</returns>
    public static async Task<ScratchDatabase> MigratedAsync(string name)
    {
        ScratchDatabase database = await ScratchDatabase.CreateAsync(name);
        await database.MigrateAsync(s_directory);
        return database;
    }
}
