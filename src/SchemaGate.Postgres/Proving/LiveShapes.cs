using SchemaGate.Core.Migrations;
using SchemaGate.Core.Proofs;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Scratch;
using SchemaGate.Postgres.Tracing;

namespace SchemaGate.Postgres.Proving;

/// <summary>What a live database's own schema makes of statements: its migrations do not tell what was changed by hand.</summary>
public static class LiveShapes
{
    /// <summary>What stand-ins and a database without rows are to blame for: a foreign key, a second row of the same key.</summary>
    private static readonly string[] s_expected = ["23503", "23505", "21000"];

    /// <summary>
    /// Asks a copy of the schema, without a row: each statement is prepared, and inserts are tried as a proof does.
    /// </summary>
    /// <param name="builder">Makes the copy.</param>
    /// <param name="live">Only its catalog is read.</param>
    /// <param name="applied">What it has applied.</param>
    /// <param name="shapes">The statements: the schema that the migrations make takes them.</param>
    /// <param name="expected">What the schema has that the migrations make.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DatabaseException">The catalog cannot be read, or there can be no copy of it.</exception>
    public static async Task<LiveLook> LookAsync(
        SchemaBuilder builder, DatabaseUrl live, MigrationSet applied, IReadOnlyList<StatementShape> shapes, SchemaFacts expected,
        TimeProvider time, CancellationToken cancellation)
    {
        await using ScratchDatabase scratch = await LiveScratch.BuildAsync(builder, live, applied, time, cancellation);
        try
        {
            await using ProvingConnection connection = await ProvingConnection.OpenAsync(scratch.Url, cancellation);
            await connection.ResetAsync();
            await connection.RememberChecksAsync();
            IReadOnlyList<ShapeLook> looks = await new ShapeProver(connection).LookAsync(
                [.. shapes.Select(shape => new ShapeAttempt(shape.Text))]);
            SchemaFacts facts = await SchemaFacts.ReadAsync(scratch.Url, cancellation);
            return new([.. shapes.Zip(looks, (shape, look) => (shape, Error: look.Error ?? look.Meaning?.Trial))
                .Where(pair => pair.Error is not null && !s_expected.Contains(pair.Error.SqlState, StringComparer.Ordinal))
                .Select(pair => (pair.shape, pair.Error!))], facts.DemandsBeyond(expected));
        }
        catch (Exception exception) when (exception is not DatabaseException && !cancellation.IsCancellationRequested)
        {
            throw FailureSentences.Of(exception, scratch.Url);
        }
    }
}
