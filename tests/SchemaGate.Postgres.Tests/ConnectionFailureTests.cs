using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Tests;

public sealed class ConnectionFailureTests
{
    private static async Task<DatabaseException> FailAsync(TestDatabase database, DatabaseUrl url) =>
        await Assert.ThrowsAsync<DatabaseException>(
            () => new HistoryReader(database.Connections).ReadAsync(url, TestContext.Current.CancellationToken));

    private static async Task<DatabaseFailure> KindAsync(TestDatabase database, string url) =>
        (await FailAsync(database, TestDatabase.Parse(url))).Kind;

    [Fact]
    public async Task A_wrong_password_is_access_denied_and_nothing_of_it_shows()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        DatabaseException failure = await FailAsync(database, database.Url(user: "Secretuser", password: "Secretpassword"));
        Assert.Equal((DatabaseFailure.AccessDenied, "28P01"), (failure.Kind, failure.SqlState));
        Assert.DoesNotContain("Secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_database_is_said_to_be_missing()
    {
        await using TestDatabase database = TestDatabase.Absent();
        Assert.Equal(DatabaseFailure.DatabaseMissing, (await FailAsync(database, database.Url())).Kind);
    }

    [Fact]
    public async Task Names_and_ports_that_lead_nowhere_are_unreachable()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Assert.Equal(DatabaseFailure.Unreachable, await KindAsync(database, "postgres://u:p@no-such-host.invalid/d"));
        Assert.Equal(DatabaseFailure.Unreachable, await KindAsync(database, "postgres://u:p@127.0.0.1:1/d"));
        Assert.Equal(DatabaseFailure.Unreachable, await KindAsync(database, "postgres://u:p@127.0.0.1:1,127.0.0.1:2/d"));
    }

    [Fact]
    public async Task A_silent_server_is_given_up_on()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        using System.Net.Sockets.TcpListener silent = new(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        Assert.Equal(DatabaseFailure.TimedOut, await KindAsync(database, $"postgres://u:p@{silent.LocalEndpoint}/d?connect_timeout=1"));
    }

    [Fact, Trait("needs", "packages")]
    public async Task A_server_without_tls_fails_a_url_that_requires_it()
    {
        await using ThrowawayServer server = await ThrowawayServer.StartAsync();
        await using TestDatabase database = await TestDatabase.CreateAsync(server.Url);
        DatabaseException failure = await FailAsync(database, database.Url("sslmode=require"));
        Assert.Equal(DatabaseFailure.TlsFailed, failure.Kind);
        Assert.Contains("offers no TLS", failure.Message, StringComparison.Ordinal);
    }

    [Fact, Trait("needs", "packages")]
    public async Task A_full_server_says_so()
    {
        await using ThrowawayServer server = await ThrowawayServer.StartAsync("-c max_connections=3 -c superuser_reserved_connections=0 -c "
            + "max_wal_senders=0");
        await using TestDatabase database = await TestDatabase.CreateAsync(server.Url);
        await using (await database.ConnectAsync())
        await using (await database.ConnectAsync())
        await using (await database.ConnectAsync())
        {
            Assert.Equal(DatabaseFailure.TooManyConnections, (await FailAsync(database, database.Url())).Kind);
        }
    }

    [Fact, Trait("needs", "packages")]
    public async Task A_socket_directory_connects()
    {
        await using ThrowawayServer server = await ThrowawayServer.StartAsync();
        await using TestDatabase database = await TestDatabase.CreateAsync(server.Url);
        DatabaseUrl url = database.Url($"host={server.SocketDirectory}&require_auth=none");
        Assert.Equal(
            database.Name,
            (await new HistoryReader(database.Connections).ReadAsync(url, TestContext.Current.CancellationToken)).Identity.Database);
    }

    [Fact, Trait("needs", "packages")]
    public async Task A_stopped_server_is_unreachable_until_it_starts_again()
    {
        await using ThrowawayServer server = await ThrowawayServer.StartAsync();
        await using TestDatabase database = await TestDatabase.CreateAsync(server.Url);
        HistoryReader reader = new(database.Connections);
        await reader.ReadAsync(database.Url(), TestContext.Current.CancellationToken);
        await server.StopAsync();
        Assert.Equal(DatabaseFailure.Unreachable, (await FailAsync(database, database.Url())).Kind);
        await server.StartAgainAsync();
        Assert.Null((await reader.ReadAsync(database.Url(), TestContext.Current.CancellationToken)).History);
    }

    [Fact, Trait("needs", "packages")]
    public async Task A_standby_says_that_it_is_one_and_takes_no_migration()
    {
        await using ThrowawayServer primary = await ThrowawayServer.StartAsync();
        await using ThrowawayServer standby = await primary.StandbyAsync();
        using DatabaseConnections connections = new(TimeProvider.System);
        DatabaseUrl url = TestDatabase.Parse(standby.Url);
        Assert.True((await new HistoryReader(connections).ReadAsync(url, TestContext.Current.CancellationToken)).IsStandby);
        Assert.Equal(
            DatabaseFailure.ReadOnly, (await TestDatabase.ApplyAsync(url, ApplyOptions.Default, ("1_a", "SELECT 1"))).Failure!.Kind);
        string both = $"postgresql://postgres@{TestDatabase.Parse(standby.Url).Servers},{TestDatabase.Parse(primary.Url).Servers}/postgres";
        Assert.False(
            (await new HistoryReader(connections).ReadAsync(TestDatabase.Parse(both), TestContext.Current.CancellationToken)).IsStandby);
        Assert.Null((await TestDatabase.ApplyAsync(TestDatabase.Parse(both), ApplyOptions.Default, ("1_a", "SELECT 1"))).Failure);
    }
}
