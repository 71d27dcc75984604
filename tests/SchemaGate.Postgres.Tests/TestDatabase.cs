using System.Globalization;
using System.Text;
using Npgsql;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Postgres.Tests;

/// <summary>A database of its own for one test, on the server that SCHEMAGATE_TEST_DATABASE names (a superuser's URL).</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private TestDatabase(string server, string name)
    {
        Server = server;
        Name = name;
    }

    public string Name { get; }

    /// <summary>A superuser's URL.</summary>
    public string Server { get; }

    public DatabaseConnections Connections { get; } = new(TimeProvider.System);

    public static async Task<TestDatabase> CreateAsync(string? server = null)
    {
        TestDatabase database = Absent(server);
        await RunAsync(database.Server, $"CREATE DATABASE {database.Name}");
        return database;
    }

    /// <summary>A name that no database has yet.</summary>
    public static TestDatabase Absent(string? server = null)
    {
        server ??= Environment.GetEnvironmentVariable("SCHEMAGATE_TEST_DATABASE");
        if (string.IsNullOrEmpty(server))
        {
            Prerequisite.Missing("SCHEMAGATE_TEST_DATABASE does not name a PostgreSQL server (a superuser's URL).");
        }

        return new TestDatabase(server!, $"schemagate_{Guid.NewGuid():N}");
    }

    public DatabaseUrl Url(string query = "", string? user = null, string? password = null) => Parse(UrlText(query, user, password));

    public string UrlText(string query = "", string? user = null, string? password = null)
    {
        UriBuilder builder = new(Server) { Path = Name, Query = query };
        (builder.UserName, builder.Password) = (user ?? builder.UserName, password ?? builder.Password);
        return builder.Uri.AbsoluteUri;
    }

    public static DatabaseUrl Parse(string text)
    {
        Assert.True(DatabaseUrl.TryParse(text, out DatabaseUrl? url, out string? problem, DatabaseUrlOptions.CommandLine), problem);
        return url!;
    }

    public Task ExecuteAsync(params string[] statements) => RunAsync(UrlText(), statements);

    /// <summary>A query's rows, columns joined by |.</summary>
    public Task<IReadOnlyList<string>> QueryAsync(string sql) => QueryAsync(UrlText(), sql);

    public static async Task<IReadOnlyList<string>> QueryAsync(string url, string sql)
    {
        await using NpgsqlConnection connection = await ConnectAsync(url);
        await using NpgsqlCommand command = new(sql, connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<string> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount)
                .Select(column => reader.IsDBNull(column) ? "" : reader.GetValue(column).ToString())));
        }

        return rows;
    }

    /// <summary>The server's major version.</summary>
    public async Task<int> MajorAsync() =>
        int.Parse((await QueryAsync("SELECT current_setting('server_version_num')"))[0], CultureInfo.InvariantCulture) / 10_000;

    /// <summary>A session beside SchemaGate's.</summary>
    public Task<NpgsqlConnection> ConnectAsync() => ConnectAsync(UrlText());

    private static async Task<NpgsqlConnection> ConnectAsync(string url)
    {
        DatabaseUrl parsed = Parse(url);
        NpgsqlConnection connection = new(new NpgsqlConnectionStringBuilder(parsed.Settings().ConnectionString)
        {
            Password = parsed.Password,
            Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public Task<ApplyReport> ApplyAsync(params (string Name, string Sql)[] migrations) =>
        ApplyAsync(Url(), ApplyOptions.Default, migrations);

    public static Task<ApplyReport> ApplyAsync(DatabaseUrl url, ApplyOptions options, params (string Name, string Sql)[] migrations) =>
        new MigrationApplier(TimeProvider.System).ApplyAsync(url, Set(migrations), options, null, TestContext.Current.CancellationToken);

    public static MigrationSet Set(params (string Name, string Sql)[] migrations) =>
        new([.. migrations.Select(migration => Read(migration.Name, Encoding.UTF8.GetBytes(migration.Sql)))], []);

    public static Migration Read(string name, byte[] sql) => MigrationSet.Read([new($"{name}/migration.sql", sql)]).Migrations[0];

    public async ValueTask DisposeAsync()
    {
        Connections.Dispose();
        await RunAsync(Server, $"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
    }

    private static async Task RunAsync(string url, params string[] statements)
    {
        await using NpgsqlConnection connection = await ConnectAsync(url);
        foreach (string statement in statements)
        {
            await using NpgsqlCommand command = new(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
