using Npgsql;
using SchemaGate.Core.Databases;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;
using SchemaGate.Postgres.Resolving;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests;

/// <summary>What a failed build of an index leaves behind is told until it is mended, and never passes for the index.</summary>
public sealed class InvalidIndexTests
{
    private const string Box = "CREATE TABLE box (a int); INSERT INTO box VALUES (1), (1)";
    private const string Build = "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS box_a ON box (a)";
    private const string Drop = "DROP INDEX CONCURRENTLY public.box_a";

    [Theory]
    [InlineData(Build)]
    [InlineData("/* again */ create unique index concurrently\nif not exists box_a on public.box (a)")]
    [InlineData("CREATE INDEX IF NOT EXISTS box_a ON box (a)")]
    [InlineData("SET search_path TO other, public; CREATE INDEX IF NOT EXISTS \"box_a\" ON box (a)")]
    [InlineData("DO $$BEGIN IF to_regclass('box_a') IS NULL THEN CREATE UNIQUE INDEX BOX_A ON box (a); END IF; END$$")]
    [InlineData("DO $$BEGIN EXECUTE 'CREATE UNIQUE INDEX IF NOT EXISTS box_a ON box (a)'; END$$")]
    public async Task IF_NOT_EXISTS_does_not_pass_over_an_invalid_index(string again)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        ApplyReport first = await database.ApplyAsync(("1_a", Box), ("2_b", Build));
        Assert.Equal("23505", first.Failure!.SqlState);
        await ResolveAsync(database, "2_b");
        ApplyFailure second = (await database.ApplyAsync(("1_a", Box), ("2_b", again))).Failure!;
        Assert.Equal((DatabaseFailure.MigrationFailed, "2_b"), (second.Kind, second.Migration));
        Assert.Contains("public.box_a exists and is INVALID", second.Message, StringComparison.Ordinal);
        Assert.Contains(Drop, second.Message, StringComparison.Ordinal);
        await database.ExecuteAsync(Drop, "DELETE FROM box WHERE ctid = '(0,1)'", "UPDATE _prisma_migrations SET rolled_back_at = now() "
            + "WHERE finished_at IS NULL");
        Assert.Null((await database.ApplyAsync(("1_a", Box), ("2_b", again))).Failure);
        Assert.Null((await database.ApplyAsync(("1_a", Box), ("2_b", again), ("3_c", again))).Failure);
    }

    [Theory]
    [InlineData("box_a", "other.box", "CREATE INDEX box_a ON box (a)", true)]
    [InlineData("box_a", "other.box", "IF to_regclass('other.box_a') IS NULL THEN CREATE INDEX box_a ON other.box (a); END IF", false)]
    [InlineData("\"box.a\"", "box", "CREATE INDEX another ON box (a)", true)]
    [InlineData("\"box.a\"", "box", "CREATE INDEX IF NOT EXISTS \"box.a\" ON box (a)", false)]
    public async Task A_DO_block_passes_over_an_index_that_it_names(string index, string table, string block, bool passes)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(("1_a", Box));
        await database.ExecuteAsync("CREATE SCHEMA other", "CREATE TABLE other.box AS TABLE box");
        await Assert.ThrowsAsync<PostgresException>(
            () => database.ExecuteAsync($"CREATE UNIQUE INDEX CONCURRENTLY {index} ON {table} (a)"));
        ApplyFailure? failure = (await database.ApplyAsync(("1_a", Box), ("2_b", $"DO $$BEGIN {block}; END$$"))).Failure;
        Assert.Equal(passes, failure is null);
        Assert.Contains(passes ? "" : "exists and is INVALID", failure?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_report_names_it_until_it_is_mended()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(("1_a", Box), ("2_b", Build));
        Assert.Contains(Drop, (await database.ApplyAsync(("1_a", Box), ("2_b", Build))).Notes.Single(), StringComparison.Ordinal);
        Assert.Contains(Drop, (await ResolveAsync(database, "2_b")).Notes.Single(), StringComparison.Ordinal);
        ApplyReport nothing = await database.ApplyAsync(("1_a", Box));
        Assert.Null(nothing.Failure);
        Assert.Contains(Drop, nothing.Notes[^1], StringComparison.Ordinal);
        Outcome status = await Schemagate.RunAsync("status", "--database", database.UrlText());
        Assert.Contains("public.box_a is INVALID", status.Output, StringComparison.Ordinal);
        Assert.Contains("`REINDEX INDEX CONCURRENTLY public.box_a`", status.Output, StringComparison.Ordinal);
        await database.ExecuteAsync(Drop);
        Assert.Empty((await database.ApplyAsync(("1_a", Box))).Notes);
        Assert.Empty((await StateAsync(database)).InvalidIndexes);
    }

    [Fact]
    public async Task What_a_REINDEX_left_is_to_be_dropped()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE \"Box\" (a int)", "CREATE INDEX \"Box_a_ccnew\" ON \"Box\" (a)", "UPDATE pg_index SET "
            + "indisvalid = false WHERE indexrelid = '\"Box_a_ccnew\"'::regclass");
        IReadOnlyList<string> names = (await StateAsync(database)).InvalidIndexes;
        Assert.Equal(["public.\"Box_a_ccnew\""], names);
        Assert.EndsWith(
            "left by a REINDEX CONCURRENTLY that did not end: `DROP INDEX CONCURRENTLY public.\"Box_a_ccnew\"`.",
            InvalidIndex.Sentences(names).Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_that_is_being_built_is_none_also_to_another_role()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE box (a int)");
        await using NpgsqlConnection writer = await database.ConnectAsync();
        await new NpgsqlCommand("BEGIN", writer).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await new NpgsqlCommand("INSERT INTO box VALUES (1)", writer).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        string role = $"r{Guid.NewGuid():N}";
        await database.ExecuteAsync(
            $"CREATE ROLE {role} LOGIN PASSWORD 'planted-secret'", $"GRANT EXECUTE ON FUNCTION pg_control_system() TO {role}");
        Task building = database.ExecuteAsync("CREATE INDEX CONCURRENTLY box_a ON box (a)");
        while ((await database.QueryAsync("SELECT 1 FROM pg_index WHERE NOT indisvalid")).Count == 0)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Empty((await StateAsync(database)).InvalidIndexes);
        Assert.Empty((await StateAsync(database, database.Url(user: role, password: "planted-secret"))).InvalidIndexes);
        await new NpgsqlCommand("COMMIT", writer).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await building;
        await database.ExecuteAsync($"DROP OWNED BY {role}", $"DROP ROLE {role}");
    }

    private static Task<DatabaseState> StateAsync(TestDatabase database, DatabaseUrl? url = null) =>
        new HistoryReader(database.Connections).ReadAsync(url ?? database.Url(), TestContext.Current.CancellationToken);

    private static Task<ResolveResult> ResolveAsync(TestDatabase database, string name) => new HistoryResolver(TimeProvider.System)
        .ResolveAsync(
            database.Url(), TestDatabase.Set(), new ResolveAction.MarkRolledBack([name]), ResolveOptions.Default, null,
            TestContext.Current.CancellationToken);
}
