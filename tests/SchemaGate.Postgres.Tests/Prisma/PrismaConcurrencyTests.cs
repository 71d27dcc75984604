using System.Diagnostics;

namespace SchemaGate.Postgres.Tests.Prisma;

/// <summary>SchemaGate and Prisma's own command line at the same time.</summary>
public sealed class PrismaConcurrencyTests
{
    private const string Index = "CREATE INDEX CONCURRENTLY i ON t (a);";
    private const string Working = "SELECT count(*) FROM _prisma_migrations WHERE finished_at IS NULL";
    private const string InQueue = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 72707369 AND NOT granted";

    /// <summary>A migration that takes until somebody waits for the lock.</summary>
    private const string UntilSomebodyWaits = """
        DO $$ BEGIN
          FOR i IN 1..600 LOOP
            EXIT WHEN EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 72707369 AND NOT granted);
            PERFORM pg_sleep(0.1);
          END LOOP;
        END $$;
        """;

    [Fact]
    public async Task A_run_beside_Prisma_s_waits_for_it_and_applies_nothing_twice()
    {
        await using PrismaProject project = await CreateAsync();
        project.Write("2_sleep", "SELECT pg_sleep(3);");
        project.Write("3_index", Index);
        Task<PrismaOutcome> prisma = project.PrismaAsync("deploy");
        await UntilAsync(project, Working);
        Assert.Equal("", await project.ApplyAsync());
        Assert.Equal(0, (await prisma).Code);
        await AppliedOnceAsync(project);
    }

    [Fact]
    public async Task Prisma_s_run_beside_ours_waits_for_it_and_applies_nothing_twice()
    {
        await using PrismaProject project = await CreateAsync();
        project.Write("2_wait", UntilSomebodyWaits);
        Task<string> ours = project.ApplyAsync();
        await UntilAsync(project, Working);
        Task<PrismaOutcome> prisma = project.PrismaAsync("deploy");
        Assert.Equal("2_wait", await ours);
        Assert.Contains("No pending migrations to apply.", (await prisma).Output, StringComparison.Ordinal);
        await AppliedOnceAsync(project);
    }

    /// <summary>
    /// Prisma waits inside pg_advisory_lock, and the index waits for Prisma's snapshot. Prisma gives up after ten seconds, its session on
    /// the server does not: without our help the index would wait for ever.
    /// </summary>
    [Fact]
    public async Task An_index_that_is_built_concurrently_does_not_wait_for_ever_for_Prisma_that_waits_for_us()
    {
        await using PrismaProject project = await CreateAsync();
        project.Write("2_index", $"{UntilSomebodyWaits}\n{Index}");
        Task<string> ours = project.ApplyAsync();
        await UntilAsync(project, Working);
        Task<PrismaOutcome> prisma = project.PrismaAsync("deploy");
        Assert.Equal("2_index", await ours.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken));
        Assert.NotEqual(0, (await prisma).Code);
        Assert.Equal(["True"], await project.Database.QueryAsync("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"));
        await AppliedOnceAsync(project);
        Assert.Equal(["0"], await project.Database.QueryAsync(InQueue));
    }

    private static async Task<PrismaProject> CreateAsync()
    {
        PrismaProject project = await PrismaProject.CreateAsync();
        project.Write("1_table", "CREATE TABLE t (a int);");
        Assert.Equal("1_table", await project.ApplyAsync());
        return project;
    }

    private static async Task AppliedOnceAsync(PrismaProject project) => Assert.Equal(
        string.Join('\n', project.Set.Names.Select(name => $"{name}|1")),
        string.Join('\n', await project.Database.QueryAsync("SELECT migration_name, "
            + "applied_steps_count FROM _prisma_migrations ORDER BY started_at")));

    private static async Task UntilAsync(PrismaProject project, string count)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while ((await project.Database.QueryAsync(count))[0] == "0")
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "It did not come to that.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
