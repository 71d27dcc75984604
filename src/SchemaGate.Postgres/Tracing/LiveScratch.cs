using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Scratch;

namespace SchemaGate.Postgres.Tracing;

/// <summary>A scratch database that is like a live one, whoever made that what it is.</summary>
public static class LiveScratch
{
    /// <param name="builder">Makes it.</param>
    /// <param name="live">The live one, which is only read.</param>
    /// <param name="applied">What the live one has applied of the files.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DatabaseException">
    /// The live one cannot be read, what it has cannot be made, or there can be no scratch database.
    /// </exception>
    public static async Task<ScratchDatabase> BuildAsync(
        SchemaBuilder builder, DatabaseUrl live, MigrationSet applied, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(applied);
        ScratchDatabase scratch = await builder.EmptyAsync(cancellation);
        try
        {
            // What applies migrations in a scratch database reads Prisma's history, whatever the live one's tool is.
            await LiveCopy.FillAsync(scratch, live, applied with { Tool = MigrationTool.Prisma }, time, cancellation);
            return scratch;
        }
        catch
        {
            await scratch.DisposeAsync();
            throw;
        }
    }
}
