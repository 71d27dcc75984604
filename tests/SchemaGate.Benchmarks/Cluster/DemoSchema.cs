namespace SchemaGate.Benchmarks.Cluster;

/// <summary>The demo's changelog and its three migrations, as an image and as a database.</summary>
internal static class DemoSchema
{
    public const string LastMigration = "20241224100000_add_cs_ai_usage_tables";

    private static readonly string s_directory = Path.Combine(Checkout.Root, "config/demo/schema-v2");

    /// <summary>For a repository, a database, a namespace.</summary>
    public static string NewName() => $"bench-{Guid.NewGuid():N}"[..16];

    /// <returns>The image's reference.</returns>
    public static async Task<string> PushAsync(string name)
    {
        string repository = $"{name}/schema:1";
        await ChildProcess.RunAsync(Path.Combine(Checkout.Root, "tests/cluster/push-image"), [s_directory, repository]);
        return $"{Needed.Registry}/{repository}";
    }

    /// <returns>A database that has them all.</returns>
    public static async Task<ScratchDatabase> MigratedAsync(string name)
    {
        ScratchDatabase database = await ScratchDatabase.CreateAsync(name);
        await database.MigrateAsync(s_directory);
        return database;
    }
}
