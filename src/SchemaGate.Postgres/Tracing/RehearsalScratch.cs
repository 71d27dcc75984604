using Npgsql;
using SchemaGate.Core.Catalogs;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Introspection;
using SchemaGate.Postgres.Scratch;

namespace SchemaGate.Postgres.Tracing;

/// <summary>The scratch database that a rehearsal is in, of which there is one at a time.</summary>
internal sealed class RehearsalScratch : IAsyncDisposable
{
    private readonly SchemaBuilder _builder;
    private readonly TimeProvider _time;
    private ScratchDatabase? _database;

    private RehearsalScratch(SchemaBuilder builder, TimeProvider time) => (_builder, _time) = (builder, time);

    public DatabaseUrl Url => _database!.Url;

    /// <exception cref="DatabaseException">The migrations do not run in one, or there can be none.</exception>
    public static async Task<RehearsalScratch> BuildAsync(
        SchemaBuilder builder, MigrationSet set, TimeProvider time, CancellationToken cancellation)
    {
        RehearsalScratch scratch = new(builder, time);
        await scratch.RebuildAsync(set, cancellation);
        return scratch;
    }

    /// <inheritdoc cref="BuildAsync"/>
    public async Task RebuildAsync(MigrationSet set, CancellationToken cancellation)
    {
        await DisposeAsync();
        _database = await _builder.BuildAsync(new SchemaSource.OfMigrations(set), cancellation);
    }

    /// <exception cref="DatabaseException">ScriptRefused: the server lacks what the migrations ask for; it is named.</exception>
    public async Task RequireExtensionsAsync(IEnumerable<Migration> migrations, CancellationToken cancellation)
    {
        await using NpgsqlDataSource source = DatabaseConnections.ForRun(Url);
        await using NpgsqlConnection connection = await DatabaseConnections.OpenAsync(source, Url, cancellation);
        await NeededExtensions.RequireAsync(connection, Url, migrations.Select(migration => migration.Sql), cancellation);
    }

    /// <summary>Null where it ran.</summary>
    public async Task<ApplyFailure?> ApplyAsync(MigrationSet set, AroundStatement? around, CancellationToken cancellation)
    {
        ApplyReport report = await new MigrationApplier(_time).ApplyAsync(
            Url, set, ApplyOptions.Default with { Around = around }, progress: null, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return report.Failure;
    }

    /// <summary>All schemas but the system's: a migration may use any.</summary>
    public async Task<Catalog> ReadAsync(CancellationToken cancellation)
    {
        // Not kept: a session would be in the way of dropping it.
        using DatabaseConnections connections = new(_time);
        return await new CatalogReader(connections).ReadAsync(Url, await UserSchemas.ReadAsync(Url, cancellation), cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is { } database)
        {
            _database = null;
            await database.DisposeAsync();
        }
    }
}
