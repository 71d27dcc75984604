using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SchemaGate.Core.Databases;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Tests;

[Trait("needs", "packages")]
public sealed class ServerShareTests
{
    /// <summary>As different to a pool as a hundred databases.</summary>
    private static List<DatabaseUrl> Urls(string server, int count) =>
        [.. Enumerable.Range(0, count).Select(number => TestDatabase.Parse($"{server}?options=-c%20work_mem%3D{1000 + number}kB"))];

    [Fact]
    public async Task A_hundred_urls_on_one_server_take_a_handful_of_connections()
    {
        await using ThrowawayServer server = await ThrowawayServer.StartAsync("-c max_connections=40 -c log_connections=on");
        using DatabaseConnections connections = new(TimeProvider.System);
        HistoryReader reader = new(connections);
        List<DatabaseUrl> urls = Urls(server.Url, 100);
        List<long> counts = [];
        for (int round = 0; round < 3; round++)
        {
            DatabaseState[] states = await Task.WhenAll(urls.Select(url => reader.ReadAsync(url, TestContext.Current.CancellationToken)));
            Assert.All(states, state => Assert.NotNull(state.Identity));
            counts.Add(long.Parse(
                (await TestDatabase.QueryAsync(
                    server.Url, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'schemagate'"))[0],
                System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.All(counts, count => Assert.InRange(count, 1, ServerShare.MostInUse + KeptConnections.Most));
    }

    [Fact]
    public async Task As_many_urls_as_are_kept_are_read_without_a_new_connection()
    {
        await using ThrowawayServer server = await ThrowawayServer.StartAsync("-c max_connections=40");
        using DatabaseConnections connections = new(TimeProvider.System);
        HistoryReader reader = new(connections);
        List<DatabaseUrl> urls = Urls(server.Url, KeptConnections.Most);
        List<string> sessions = [];
        for (int round = 0; round < 3; round++)
        {
            await Task.WhenAll(urls.Select(url => reader.ReadAsync(url, TestContext.Current.CancellationToken)));
            sessions.Add(string.Join(' ', await SessionsAsync(server, "pid")));
        }

        Assert.Equal(KeptConnections.Most, sessions[0].Split(' ').Length);
        Assert.All(sessions, pids => Assert.Equal(sessions[0], pids));
    }

    [Fact]
    public async Task Kept_sessions_that_were_ended_are_replaced_by_as_many()
    {
        await using ThrowawayServer server = await ThrowawayServer.StartAsync();
        using DatabaseConnections connections = new(TimeProvider.System);
        HistoryReader reader = new(connections);
        List<DatabaseUrl> urls = Urls(server.Url, 5);
        await Task.WhenAll(urls.Select(url => reader.ReadAsync(url, TestContext.Current.CancellationToken)));
        Assert.Equal(urls.Count, (await SessionsAsync(server, "pg_terminate_backend(pid)")).Count);
        await Task.WhenAll(urls.Select(url => reader.ReadAsync(url, TestContext.Current.CancellationToken)));
        Assert.Equal(urls.Count, (await SessionsAsync(server, "pid")).Count);
    }

    [Fact]
    public async Task Of_all_servers_together_no_more_than_the_most_are_kept()
    {
        await using ThrowawayServer server = await ThrowawayServer.StartAsync();
        using DatabaseConnections connections = new(TimeProvider.System, mostKept: 2);
        HistoryReader reader = new(connections);
        string other = server.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        foreach (DatabaseUrl url in Urls(server.Url, 5).Concat(Urls(other, 5)))
        {
            await reader.ReadAsync(url, TestContext.Current.CancellationToken);
        }

        Assert.Equal(2, (await SessionsAsync(server, "pid")).Count);
    }

    /// <summary>An expression about each of the reader's sessions.</summary>
    private static Task<IReadOnlyList<string>> SessionsAsync(ThrowawayServer server, string expression) => TestDatabase.QueryAsync(
        server.Url,
        $"SELECT ({expression})::text FROM pg_stat_activity "
        + "WHERE application_name = 'schemagate' AND pid <> pg_backend_pid() ORDER BY pid");

    [Fact]
    public async Task A_server_that_is_away_costs_its_hundred_urls_one_wait()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using DatabaseConnections connections = new(TimeProvider.System);
        HistoryReader reader = new(connections);
        long start = Stopwatch.GetTimestamp();
        DatabaseException[] failures = await Task.WhenAll(Urls($"postgresql://u:p@{silent.LocalEndpoint}/d", 100)
            .Select(url => Assert.ThrowsAsync<DatabaseException>(() => reader.ReadAsync(url, TestContext.Current.CancellationToken))));
        Assert.All(failures, failure => Assert.Equal(DatabaseFailure.TimedOut, failure.Kind));
        // A wait is five seconds; one after the other, three at a time, would be 165.
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 4, 30);
    }

    [Fact]
    public async Task A_server_that_comes_back_is_read_again_at_once()
    {
        await using ThrowawayServer server = await ThrowawayServer.StartAsync();
        using DatabaseConnections connections = new(TimeProvider.System);
        HistoryReader reader = new(connections);
        DatabaseUrl url = TestDatabase.Parse(server.Url);
        await reader.ReadAsync(url, TestContext.Current.CancellationToken);
        await server.StopAsync();
        await Assert.ThrowsAsync<DatabaseException>(() => reader.ReadAsync(url, TestContext.Current.CancellationToken));
        await server.StartAgainAsync();
        Assert.NotNull((await reader.ReadAsync(url, TestContext.Current.CancellationToken)).Identity);
    }
}
