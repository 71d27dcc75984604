using Npgsql;

namespace SchemaGate.Benchmarks.Cluster;

/// <summary>A database of a benchmark's own on the server of <c>tests/cluster/up</c>.</summary>
internal sealed class ScratchDatabase : IAsyncDisposable
{
    private readonly string name;

    private ScratchDatabase(string name) => this.name = name;

    public Uri Address => new UriBuilder(Needed.Database) { Path = name }.Uri;

    /// <param name="name">A new database's.</param>
    /// <param name="template">What it is a copy of; an empty one where null.</param>
    public static async Task<ScratchDatabase> CreateAsync(string name, ScratchDatabase? template = null)
    {
        await SqlAsync("postgres", $"CREATE DATABASE \"{name}\"" + (template is null ? "" : $" TEMPLATE \"{template.name}\""));
        return new(name);
    }

    /// <summary>Applies what the directory holds.</summary>
    public Task MigrateAsync(string directory) => ChildProcess.RunAsync(
        Path.Combine(AppContext.BaseDirectory, "schemagate"), ["migrate", directory, "--database", Address.ToString()]);

    public Task SqlAsync(string sql) => SqlAsync(name, sql);

    /// <summary>How many connections there are to it now.</summary>
    public async Task<long> ConnectionsAsync() =>
        (long)(await SqlAsync("postgres", $"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'"))!;

    public async ValueTask DisposeAsync() => await SqlAsync("postgres", $"DROP DATABASE \"{name}\" WITH (FORCE)");

    private static async Task<object?> SqlAsync(string database, string sql)
    {
        Uri url = Needed.Database;
        string[] user = url.UserInfo.Split(':');
        NpgsqlConnectionStringBuilder settings = new()
        {
            Host = url.Host,
            Port = url.Port,
            Username = user[0],
            Password = Uri.UnescapeDataString(user[1]),
            Database = database,
            Pooling = false,
        };
        await using NpgsqlConnection connection = new(settings.ConnectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100 // Names of the benchmark's own.
        await using NpgsqlCommand command = new(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }
}
