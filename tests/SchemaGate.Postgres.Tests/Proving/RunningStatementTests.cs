using SchemaGate.Core.Proofs;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Proving;
using SchemaGate.Postgres.Tests.Cli;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Proving;

/// <summary>Which of the statements that the server has counted are an application's.</summary>
public sealed class RunningStatementTests : IDisposable
{
    private const string Used = "SELECT pg_catalog.now(), id FROM orders";

    private readonly Migrations _checkout = new();

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public async Task Whatever_is_asked_of_a_live_database_leaves_none_of_its_own_among_them()
    {
        await using ThrowawayServer server = await ThrowawayServer.StartAsync("-c shared_preload_libraries=pg_stat_statements");
        await using TestDatabase live = await TestDatabase.CreateAsync(server.Url);
        await live.ExecuteAsync("CREATE EXTENSION pg_stat_statements");
        await SayAsync(live, 0, "migrate", "--through", Migrations.Second);
        await live.ExecuteAsync(
            Used, "CREATE TABLE flyway_schema_history (installed_rank int)", "SELECT installed_rank FROM flyway_schema_history",
            "DROP TABLE flyway_schema_history");
        Assert.Equal([Used], await ReadAsync(live), StringComparer.Ordinal);
        for (int time = 0; time < 2; time++)
        {
            await SayAsync(live, 0, "rehearse", "--like", "live", "--statements", "live");
            await SayAsync(live, 0, "prove");
            await SayAsync(live, null, "diff");
            await SayAsync(live, null, "drift");
            await SayAsync(live, null, "status");
        }

        Assert.Contains("no statement of the role nobody", await SayAsync(live, 1, "prove", "--role", "nobody"), StringComparison.Ordinal);
        await SayAsync(live, 0, "migrate");
        Assert.Equal([Used], await ReadAsync(live), StringComparer.Ordinal);
    }

    private async Task<string> SayAsync(TestDatabase live, int? code, string command, params string[] more)
    {
        Outcome outcome = await new Schemagate { DatabaseUrl = live.UrlText() }.InvokeAsync(
            [command, _checkout.Root, .. more], TestContext.Current.CancellationToken);
        Assert.True(code is null || outcome.Code == code, outcome.All);
        return outcome.All;
    }

    private static async Task<IEnumerable<string>> ReadAsync(TestDatabase live)
    {
        using DatabaseConnections connections = new(TimeProvider.System);
        ShapeReading reading = await RunningStatements.ReadAsync(
            connections, live.Url(), role: null, TestContext.Current.CancellationToken);
        return reading.Shapes.Select(shape => shape.Text);
    }
}
