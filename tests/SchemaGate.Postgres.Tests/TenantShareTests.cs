using System.Diagnostics;
using SchemaGate.Core.Databases;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Tests;

/// <summary>Several tenants on one server, some of whom have put a view that takes its time where their history should be.</summary>
public sealed class TenantShareTests
{
    private const int Looks = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Slow_views_on_a_shared_server_keep_nobody_else_of_it_waiting(int tenants)
    {
        await using TestDatabase good = await TestDatabase.CreateAsync();
        await using TestDatabase bad = await TestDatabase.CreateAsync();
        await bad.ExecuteAsync("""
            CREATE VIEW _prisma_migrations AS
            SELECT '1' AS id, 'sum'::text AS checksum, now() AS finished_at, pg_sleep(4)::text AS migration_name, '' AS logs,
                   NULL::timestamptz AS rolled_back_at, now() AS started_at, 1 AS applied_steps_count
            """);
        using DatabaseConnections connections = new(TimeProvider.System);
        HistoryReader reader = new(connections);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task[] hostile = [.. Enumerable.Range(0, 3).Select(number => AgainAsync(reader, bad, $"bad{number % tenants}", ending.Token))];
        if (tenants > 1)
        {
            // Nobody has been slow before.
            await Task.Delay(5000, ending.Token);
        }

        for (int look = 0; look < Looks; look++)
        {
            await Task.Delay(700, ending.Token);
            long began = Stopwatch.GetTimestamp();
            DatabaseState state = await reader.ReadAsync(good.Url(), tool: null, ending.Token, tenant: "good");
            Assert.NotNull(state.Identity);
            Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 2);
        }

        Assert.DoesNotContain(hostile, task => task.IsFaulted);
        await ending.CancelAsync();
        await Task.WhenAll(hostile);
    }

    private static async Task AgainAsync(HistoryReader reader, TestDatabase bad, string tenant, CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await reader.ReadAsync(bad.Url(), tool: null, ending, tenant: tenant);
            }
            catch (Exception exception) when (exception is OperationCanceledException or DatabaseException)
            {
                // Slow, or ended.
            }
        }
    }
}
