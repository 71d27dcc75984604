using SchemaGate.Core.Catalogs;
using SchemaGate.Core.Catalogs.Mending;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Introspection;

namespace SchemaGate.Postgres.Scratch;

/// <summary>Makes a scratch database like one that is only read.</summary>
public static class CatalogCopy
{
    private static readonly CatalogScope s_everything = CatalogScope.Default with { AllGrants = true, ToolTables = true };

    /// <param name="scratch">An empty one.</param>
    /// <param name="whole">What it is to have; of roles that its server lacks it gets nothing.</param>
    /// <param name="roles">Those that its server has.</param>
    /// <param name="name">What it is a copy of, for a sentence about a statement that fails.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DatabaseException">MigrationFailed: a statement fails there.</exception>
    public static async Task FillAsync(
        ScratchDatabase scratch, Catalog whole, IReadOnlySet<string> roles, string name, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(scratch);
        ArgumentNullException.ThrowIfNull(whole);
        Catalog goal = CatalogRoles.On(roles, whole);
        using DatabaseConnections connections = new(time);
        Catalog empty = await new CatalogReader(connections).ReadAsync(scratch.Url, goal.Schemas, cancellation);
        MendPlan plan = CatalogMending.Of(empty, goal, CatalogComparison.Compare(empty, goal, s_everything));
        await SchemaBuilder.RunAsync(scratch, new(name, MendScript.Text(plan, new(AllowDestructive: true))), cancellation);
    }
}
