using SchemaGate.Benchmarks.Cluster;
using SchemaGate.Benchmarks.Startup;

namespace SchemaGate.Benchmarks.Diffing;

/// <summary>
/// Comparing a database with what its migrations build as a whole process: at first, and once they have been built; beside Prisma's own,
/// which builds them in a shadow database each time.
/// </summary>
internal static class DiffCommand
{
    private const int Runs = 5;

    /// <param name="prisma">What tests/prisma/install printed; null: alone.</param>
    public static async Task<int> RunAsync(string binary, string? prisma)
    {
        using WideSchema schema = new();
        await using ScratchDatabase database = await ScratchDatabase.CreateAsync($"schemagate-benchmark-{Guid.NewGuid():N}");
        string url = database.Address.ToString();
        await ChildProcess.RunAsync(binary, ["migrate", schema.Root, "--database", url]);
        Started later = new("schemagate diff", binary, "diff", schema.Root, "--database", url);
        // A comment makes it another set, which nothing was built of.
        Started first = new(
            "schemagate diff, the first of its set", "sh", "-c",
            $"echo '-- '$(date +%N) >> {schema.Migrations}/20250101000000_tables/migration.sql; "
                + $"{binary} diff {schema.Root} --database '{url}'");
        await StartedTable.RunAsync(
            $"{WideSchema.Tables} tables", Runs, [later, first, .. prisma is null ? [] : (Started[])[Prisma(prisma, schema, url)]]);
        return 0;
    }

    /// <summary>
    /// Without the live database, which Prisma does not read on this build of its engine: the shadow database alone is made, read and
    /// dropped. The drop may fail, since the adapter keeps a session in it: all else is done by then.
    /// </summary>
    private static Started Prisma(string prisma, WideSchema schema, string url)
    {
        File.Copy(Path.Combine(Checkout.Root, "tests/SchemaGate.Benchmarks/Diffing/prisma.config.mjs"), $"{schema.Root}/prisma.config.mjs");
        File.WriteAllText($"{schema.Migrations}/migration_lock.toml", "provider = \"postgresql\"\n");
        return new(
            "prisma migrate diff, migrations only", "sh", "-c",
            $"cd {schema.Root} && CHECKPOINT_DISABLE=1 DATABASE_URL='{url}' PRISMA_INSTALL={prisma} "
                + $"PRISMA_TEST_SCHEMA={prisma}/schema.prisma PRISMA_TEST_MIGRATIONS={schema.Migrations} "
                + $"PRISMA_SCHEMA_ENGINE_BINARY={prisma}/native-engine PRISMA_QUERY_ENGINE_LIBRARY={prisma}/native-engine "
                + $"node {prisma}/node_modules/prisma/build/index.js migrate diff --from-migrations {schema.Migrations} --to-empty "
                + "--config prisma.config.mjs || true");
    }
}
