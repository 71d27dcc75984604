using SchemaGate.Core.Catalogs;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Introspection;
using SchemaGate.Postgres.Resolving;
using SchemaGate.Postgres.Scratch;

namespace SchemaGate.Postgres.Tracing;

/// <summary>A scratch database with the catalog of a live one, without a row but those that say which migrations are applied.</summary>
internal static class LiveCopy
{
    /// <exception cref="DatabaseException">The live one cannot be read, or what it has cannot be made.</exception>
    public static async Task FillAsync(
        ScratchDatabase scratch, DatabaseUrl live, MigrationSet applied, TimeProvider time, CancellationToken cancellation)
    {
        using DatabaseConnections connections = new(time);
        IReadOnlyList<string> schemas = await UserSchemas.ReadAsync(live, cancellation);
        Catalog whole = await new CatalogReader(connections).ReadAsync(live, schemas, cancellation);
        IReadOnlySet<string> roles = await ServerRoles.ReadAsync(scratch.Url, cancellation);
        await CatalogCopy.FillAsync(scratch, whole, roles, "The live database's schema", time, cancellation);
        ResolveAction action = new ResolveAction.MarkApplied(applied.Names);
        ResolveResult result = await new HistoryResolver(time).ResolveAsync(
            scratch.Url, applied, action, ResolveOptions.Default, progress: null, cancellation);
        if (result.Failure is { } failure)
        {
            throw new DatabaseException(failure.Kind, failure.Message, failure.SqlState);
        }
    }
}
