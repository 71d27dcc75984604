using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Resolving;

namespace SchemaGate.Postgres.Tests.Prisma;

/// <summary>One database, SchemaGate and Prisma's own command line in turn.</summary>
public sealed class PrismaHistoryTests
{
    private const string UpToDate = "Database schema is up to date!";
    private const string Applied = "All migrations have been successfully applied.";
    private const string NothingPending = "No pending migrations to apply.";
    private const string Broken = "CREATE TABLE t (a int);\nSELECT nope FROM t;\n";
    private const string Mended = "CREATE TABLE t (a int);\n";

    private static string Row(string name, string sql, string rest) => $"{name}|{MigrationChecksum.Of(sql).Value}|{rest}|True";

    [Fact]
    public async Task They_take_turns_and_leave_the_same_rows_in_the_same_table()
    {
        await using PrismaProject ours = await PrismaProject.CreateAsync();
        await using PrismaProject theirs = await PrismaProject.CreateAsync();
        (string Name, string Sql)[] set =
        [
            ("20240101_a", "CREATE TABLE t (a int);\r\n"), ("20240102_b", "VACUUM;"), ("20240103_c", "-- nothing\n"),
            ("20240104_d", "INSERT INTO t VALUES (1);\nUPDATE t SET a = 2;"),
        ];
        for (int index = 0; index < set.Length; index++)
        {
            ours.Write(set[index].Name, set[index].Sql);
            theirs.Write(set[index].Name, set[index].Sql);
            (PrismaProject schemagate, PrismaProject prisma) = index % 2 == 0 ? (ours, theirs) : (theirs, ours);
            Assert.Equal(set[index].Name, await schemagate.ApplyAsync());
            await prisma.PrismaSaysAsync(Applied, "deploy");
        }

        await ours.PrismaSaysAsync(UpToDate, "status");
        Assert.Equal("", await theirs.ApplyAsync());
        Assert.Equal(
            string.Join('\n', set.Select(migration => Row(migration.Name, migration.Sql, "1|no logs|finished|"))), await ours.RowsAsync());
        Assert.Equal(await theirs.RowsAsync(), await ours.RowsAsync());
        Assert.Equal(await theirs.TableAsync(), await ours.TableAsync());
        Assert.Contains("_prisma_migrations_pkey", await ours.TableAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_one_of_them_fails_the_other_marks_as_rolled_back_and_the_first_applies_again(bool oursFails)
    {
        await using PrismaProject project = await PrismaProject.CreateAsync();
        project.Write("1_a", Broken);
        if (oursFails)
        {
            Assert.Equal("MigrationFailed", await project.ApplyAsync());
            await project.PrismaSaysAsync("P3009", "deploy");
            Assert.Equal(0, (await project.PrismaAsync("resolve", "--rolled-back", "1_a")).Code);
        }
        else
        {
            Assert.Equal(1, (await project.PrismaAsync("deploy")).Code);
            Assert.Equal("MigrationUnfinished", await project.ApplyAsync());
            await project.ResolveAsync(new ResolveAction.MarkRolledBack(["1_a"]));
        }

        project.Write("1_a", Mended);
        if (oursFails)
        {
            Assert.Equal("1_a", await project.ApplyAsync());
            await project.PrismaSaysAsync(UpToDate, "status");
        }
        else
        {
            await project.PrismaSaysAsync(Applied, "deploy");
            Assert.Equal("", await project.ApplyAsync());
        }

        Assert.Equal(
            $"{Row("1_a", Broken, "0|an error|unfinished|rolled back")}\n{Row("1_a", Mended, "1|no logs|finished|")}",
            await project.RowsAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_one_of_them_fails_the_other_marks_as_applied(bool oursFails)
    {
        await using PrismaProject project = await PrismaProject.CreateAsync();
        project.Write("1_a", Broken);
        if (oursFails)
        {
            Assert.Equal("MigrationFailed", await project.ApplyAsync());
            await project.PrismaSaysAsync("Migration 1_a marked as applied.", "resolve", "--applied", "1_a");
            Assert.Equal("", await project.ApplyAsync());
        }
        else
        {
            Assert.Equal(1, (await project.PrismaAsync("deploy")).Code);
            await project.ResolveAsync(new ResolveAction.MarkApplied(["1_a"]));
            await project.PrismaSaysAsync(NothingPending, "deploy");
        }

        Assert.Equal(
            $"{Row("1_a", Broken, "0|an error|unfinished|rolled back")}\n{Row("1_a", Broken, "0|empty logs|finished at once|")}",
            await project.RowsAsync());
    }

    [Fact]
    public async Task A_baseline_of_either_is_the_other_s_too()
    {
        await using PrismaProject ours = await PrismaProject.CreateAsync();
        await using PrismaProject theirs = await PrismaProject.CreateAsync();
        foreach (PrismaProject project in (PrismaProject[])[ours, theirs])
        {
            await project.Database.ExecuteAsync("CREATE TABLE t (a int)");
            project.Write("1_a", Mended);
        }

        Assert.Equal("BaselineRequired", await theirs.ApplyAsync());
        await ours.PrismaSaysAsync("P3005", "deploy");
        await ours.ResolveAsync(new ResolveAction.Baseline(null));
        await theirs.PrismaSaysAsync("Migration 1_a marked as applied.", "resolve", "--applied", "1_a");
        await ours.PrismaSaysAsync(NothingPending, "deploy");
        Assert.Equal("", await theirs.ApplyAsync());
        Assert.Equal(Row("1_a", Mended, "0|empty logs|finished at once|"), await ours.RowsAsync());
        Assert.Equal((await theirs.RowsAsync(), await theirs.TableAsync()), (await ours.RowsAsync(), await ours.TableAsync()));
    }

    [Fact]
    public async Task An_edited_file_that_was_accepted_is_not_edited_to_Prisma_either()
    {
        await using PrismaProject project = await PrismaProject.CreateAsync();
        project.Write("1_a", Mended);
        await project.PrismaSaysAsync(Applied, "deploy");
        project.Write("1_a", $"-- edited\n{Mended}");
        Assert.Contains("editedMigrationNames\\\": [\\n    \\\"1_a\\\"", (await project.PrismaAsync(
            "prisma:migrate:status", ["status"])).Output, StringComparison.Ordinal);
        await project.ResolveAsync(new ResolveAction.AcceptChecksum(["1_a"]));
        Assert.Contains("editedMigrationNames\\\": []", (await project.PrismaAsync(
            "prisma:migrate:status", ["status"])).Output, StringComparison.Ordinal);
        Assert.Equal(Row("1_a", $"-- edited\n{Mended}", "1|no logs|finished|"), await project.RowsAsync());
    }
}
