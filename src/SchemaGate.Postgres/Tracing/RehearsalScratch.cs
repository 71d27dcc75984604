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
    private readonly RehearsalPlan _plan;
    private readonly TimeProvider _time;
    private ScratchDatabase? _database;

    private RehearsalScratch(SchemaBuilder builder, RehearsalPlan plan, TimeProvider time) =>
        (_builder, _plan, _time) = (builder, plan, time);

    public DatabaseUrl Url => _database!.Url;

    /// <exception cref="DatabaseException">The migrations do not run in one, or there can be none.</exception>
    public static async Task<RehearsalScratch> BuildAsync(
        SchemaBuilder builder, RehearsalPlan plan, TimeProvider time, CancellationToken cancellation)
    {
        RehearsalScratch scratch = new(builder, plan, time);
        try
        {
            await scratch.RebuildAsync(0, cancellation);
            return scratch;
        }
        catch
        {
            await scratch.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc cref="BuildAsync"/>
    /// <param name="pending">How many of what is pending have run in it.</param>
    public async Task RebuildAsync(int pending, CancellationToken cancellation)
    {
        await DisposeAsync();
        if (!_plan.IsLikeLive)
        {
            _database = await _builder.BuildAsync(new SchemaSource.OfMigrations(_plan.Behind(pending)), cancellation);
            return;
        }

        _database = await LiveScratch.BuildAsync(_builder, _plan.Live!, _plan.Behind(0), _time, cancellation);
        if (pending > 0 && await ApplyAsync(_plan.Behind(pending), around: null, cancellation) is { } failure)
        {
            throw new DatabaseException(failure.Kind, failure.Message, failure.SqlState);
        }
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
