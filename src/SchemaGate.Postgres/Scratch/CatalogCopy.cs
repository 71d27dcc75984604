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
        RequireServers(empty, goal, name);
        MendPlan plan = CatalogMending.Of(empty, goal, CatalogComparison.Compare(empty, goal, s_everything));
        await SchemaBuilder.RunAsync(scratch, new(name, MendScript.Text(plan, new(AllowDestructive: true))), cancellation);
    }

    /// <summary>A server has a host and a user's password, and is not made anywhere else.</summary>
    private static void RequireServers(Catalog there, Catalog goal, string name)
    {
        foreach (CatalogObject table in goal.Objects.Values.Where(item => item.Kind == CatalogKind.ForeignTable))
        {
            string server = QuotedName.Parts(table[CatalogFact.Server]).FirstOrDefault("");
            CatalogName needed = new(CatalogKind.Other, null, null, $"foreign server {server}");
            if (goal[needed] is not null && there[needed] is null)
            {
                throw new DatabaseException(
                    DatabaseFailure.MigrationFailed,
                    $"{name} is not made in a new database: the foreign table {table.Name} is of the server {server}, which is not there.");
            }
        }
    }
}
