using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Prisma;

/// <summary>What SchemaGate makes of drift, as Prisma sees it.</summary>
public sealed class PrismaDriftTests
{
    [Fact]
    public async Task An_adopted_migration_is_applied_to_Prisma_and_builds_the_same_elsewhere()
    {
        await using PrismaProject project = await PrismaProject.CreateAsync();
        project.Write("20240101000000_a", "CREATE TABLE t (a int);");
        await project.PrismaSaysAsync("All migrations have been successfully applied.", "deploy");
        await project.Database.ExecuteAsync("CREATE INDEX t_a ON t (a)", "ALTER TABLE t ADD b text NOT NULL DEFAULT 'x'");
        Outcome adopted = await new Schemagate { DatabaseUrl = project.Database.UrlText() }.InvokeAsync(
            ["drift", "adopt", "by_hand", project.Migrations, "--migrations", "."], TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (adopted.Code, adopted.Error));
        await project.PrismaSaysAsync("Database schema is up to date!", "status");
        await project.PrismaSaysAsync("No pending migrations to apply.", "deploy");
        await using TestDatabase fresh = await TestDatabase.CreateAsync();
        Assert.Null((await TestDatabase.ApplyAsync(
            fresh.Url(), Applying.ApplyOptions.Default, [.. project.Set.Migrations.Select(one => (one.Name, one.Sql))])).Failure);
        Outcome same = await new Schemagate { DatabaseUrl = project.Database.UrlText() }.InvokeAsync(
            ["diff", project.Migrations, "--migrations", ".", "--to", $"database:{fresh.UrlText()}"],
            TestContext.Current.CancellationToken);
        Assert.Equal(0, same.Code);
    }
}
