using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Resolving;

namespace SchemaGate.Postgres.Tests;

/// <summary>A pooler that the URL does not tell of.</summary>
[Trait("needs", "packages")]
public sealed class PoolerTests
{
    private static readonly (string, string) Migration = ("1", "CREATE TABLE t (a int)");

    [Theory]
    [InlineData("transaction", "")]
    [InlineData("transaction", "server_round_robin = 1\nmin_pool_size = 3")]
    [InlineData("statement", "")]
    public async Task A_transaction_pooler_is_found_and_keeps_no_lock(string mode, string settings)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        using PgBouncer pooler = await PgBouncer.StartAsync(database, mode, settings);
        ApplyReport report = await TestDatabase.ApplyAsync(
            TestDatabase.Parse(pooler.Before(database.UrlText()).AbsoluteUri), ApplyOptions.Default, Migration);
        Assert.Equal(DatabaseFailure.TransactionPooler, report.Failure!.Kind);
        Assert.Null((await database.ApplyAsync(Migration)).Failure);
    }

    [Fact]
    public async Task A_history_is_not_corrected_through_a_transaction_pooler_either()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(("1", "SELECT nope"));
        using PgBouncer pooler = await PgBouncer.StartAsync(database, "transaction", "");
        ResolveResult result = await new HistoryResolver(TimeProvider.System).ResolveAsync(
            TestDatabase.Parse(pooler.Before(database.UrlText()).AbsoluteUri), TestDatabase.Set(), new ResolveAction.MarkRolledBack(
                ["1"]), ResolveOptions.Default, null, TestContext.Current.CancellationToken);
        Assert.Equal(DatabaseFailure.TransactionPooler, result.Failure!.Kind);
        Assert.Equal([""], await database.QueryAsync("SELECT rolled_back_at FROM _prisma_migrations"));
        Assert.Equal(["0"], await database.QueryAsync("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 72707369 AND "
            + "database = (SELECT oid FROM pg_database WHERE datname = current_database())"));
    }

    [Fact]
    public async Task A_session_pooler_serves()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        using PgBouncer pooler = await PgBouncer.StartAsync(database, "session", "");
        Assert.Null((await TestDatabase.ApplyAsync(
            TestDatabase.Parse(pooler.Before(database.UrlText()).AbsoluteUri), ApplyOptions.Default, Migration)).Failure);
    }
}
