using SchemaGate.Core.Migrations;
using SchemaGate.Core.Proofs;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Scratch;
using SchemaGate.Postgres.Tracing;

namespace SchemaGate.Postgres.Proving;

/// <summary>What a live database's own schema makes of statements: its migrations do not tell what was changed by hand.</summary>
public static class LiveShapes
{
    /// <summary>Those that a copy of the schema, without a row, does not take, and why.</summary>
    /// <param name="builder">Makes the copy.</param>
    /// <param name="live">Only its catalog is read.</param>
    /// <param name="applied">What it has applied.</param>
    /// <param name="shapes">The statements.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DatabaseException">The catalog cannot be read, or there can be no copy of it.</exception>
    public static async Task<IReadOnlyList<(StatementShape Shape, ShapeError Error)>> RefusedAsync(
        SchemaBuilder builder, DatabaseUrl live, MigrationSet applied, IReadOnlyList<StatementShape> shapes, TimeProvider time,
        CancellationToken cancellation)
    {
        await using ScratchDatabase scratch = await LiveScratch.BuildAsync(builder, live, applied, time, cancellation);
        try
        {
            await using ProvingConnection connection = await ProvingConnection.OpenAsync(scratch.Url, cancellation);
            await connection.ResetAsync();
            await connection.RememberChecksAsync();
            IReadOnlyList<ShapeLook> looks = await new ShapeProver(connection).LookAsync(
                [.. shapes.Select(shape => new ShapeAttempt(shape.Text))]);
            return [.. shapes.Zip(looks).Where(pair => pair.Second.Error is not null)
                .Select(pair => (pair.First, pair.Second.Error!))];
        }
        catch (Exception exception) when (exception is not DatabaseException && !cancellation.IsCancellationRequested)
        {
            throw FailureSentences.Of(exception, scratch.Url);
        }
    }
}
