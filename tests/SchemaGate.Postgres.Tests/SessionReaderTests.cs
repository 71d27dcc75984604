using Npgsql;
using SchemaGate.Core.Databases;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Sessions;
using SchemaGate.Postgres.Tests.Introspection;

namespace SchemaGate.Postgres.Tests;

/// <summary>Who is connected, by the name that a session gives itself; on each server that there is.</summary>
public sealed class SessionReaderTests
{
    [Theory, MemberData(nameof(CatalogDatabase.Servers), MemberType = typeof(CatalogDatabase))]
    public async Task Sessions_are_counted_by_their_names_and_others_are_not(string server)
    {
        await using TestDatabase database = await CatalogDatabase.MakeAsync(server);
        await using NpgsqlConnection first = await NamedAsync(database, "shop-1");
        await using NpgsqlConnection second = await NamedAsync(database, "shop-1");
        await using NpgsqlConnection other = await NamedAsync(database, "shop-2");
        OpenSessions found = Assert.Single(await ReadAsync(database, database.Url(), "shop-1", "shop-3"));
        Assert.Equal(("shop-1", 2), (found.ApplicationName, found.Count));
        Assert.InRange(found.Since!.Value, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        await first.CloseAsync();
        await second.CloseAsync();
        await database.UntilAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'shop-1' AND datname = current_database()", "0");
        Assert.Empty(await ReadAsync(database, database.Url(), "shop-1"));
    }

    [Theory, MemberData(nameof(CatalogDatabase.Servers), MemberType = typeof(CatalogDatabase))]
    public async Task A_role_without_rights_sees_the_names_of_others_and_not_since_when(string server)
    {
        await using TestDatabase database = await CatalogDatabase.MakeAsync(server);
        await using NpgsqlConnection session = await NamedAsync(database, "shop-1");
        string role = $"r{Guid.NewGuid():N}";
        await database.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'p'");
        DatabaseUrl url = database.Url(user: role, password: "p");
        Assert.Equal([new OpenSessions("shop-1", 1, null)], await ReadAsync(database, url, "shop-1"));
        await database.ExecuteAsync($"GRANT pg_read_all_stats TO {role}");
        Assert.NotNull(Assert.Single(await ReadAsync(database, url, "shop-1")).Since);
        await database.ExecuteAsync($"DROP ROLE {role}");
    }

    [Theory, MemberData(nameof(CatalogDatabase.Servers), MemberType = typeof(CatalogDatabase))]
    public async Task The_server_keeps_the_first_63_characters_of_a_name(string server)
    {
        await using TestDatabase database = await CatalogDatabase.MakeAsync(server);
        string kept = new('a', 63);
        await using NpgsqlConnection session = await NamedAsync(database, $"{kept}b");
        Assert.Equal(kept, Assert.Single(await ReadAsync(database, database.Url(), kept)).ApplicationName);
    }

    [Fact]
    public async Task It_takes_one_connection_which_is_kept()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await ReadAsync(database, database.Url(), "a");
        string before = await BackendsAsync(database);
        await ReadAsync(database, database.Url(), "a");
        Assert.Equal(before, await BackendsAsync(database));
        // A kept connection that the server has ended is no failure.
        await database.QueryAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        Assert.Empty(await ReadAsync(database, database.Url(), "a"));
    }

    private static async Task<string> BackendsAsync(TestDatabase database) => string.Join(',', await database.QueryAsync(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"));

    private static async Task<NpgsqlConnection> NamedAsync(TestDatabase database, string name)
    {
        NpgsqlConnection connection = await database.ConnectAsync();
        await using NpgsqlCommand command = new($"SET application_name = '{name}'", connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private static Task<IReadOnlyList<OpenSessions>> ReadAsync(TestDatabase database, DatabaseUrl url, params string[] names) =>
        new SessionReader(database.Connections).ReadAsync(url, names, "t", TestContext.Current.CancellationToken);
}
