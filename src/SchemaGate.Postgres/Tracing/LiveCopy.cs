using SchemaGate.Core.Catalogs;
using SchemaGate.Core.Catalogs.Mending;
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
        CatalogReader reader = new(connections);
        IReadOnlyList<string> schemas = await UserSchemas.ReadAsync(live, cancellation);
        Catalog goal = await reader.ReadAsync(live, schemas, cancellation);
        Catalog empty = await reader.ReadAsync(scratch.Url, schemas, cancellation);
        CatalogScope everything = new() { AllGrants = true, ToolTables = true };
        MendPlan plan = CatalogMending.Of(empty, goal, CatalogComparison.Compare(empty, goal, everything));
        string script = MendScript.Text(plan, new(AllowDestructive: true));
        await SchemaBuilder.RunAsync(scratch, new("The live database's schema", script), cancellation);
        ResolveAction action = new ResolveAction.MarkApplied(applied.Names);
        ResolveResult result = await new HistoryResolver(time).ResolveAsync(
            scratch.Url, applied, action, ResolveOptions.Default, progress: null, cancellation);
        if (result.Failure is { } failure)
        {
            throw new DatabaseException(failure.Kind, failure.Message, failure.SqlState);
        }
    }
}
