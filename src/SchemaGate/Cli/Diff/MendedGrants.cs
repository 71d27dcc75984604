using System.Collections.Immutable;
using SchemaGate.Core.Catalogs;

namespace SchemaGate.Cli.Diff;

/// <summary>Keeps out of the SQL what is not compared: rights of roles that no migration names, and of owners.</summary>
internal static class MendedGrants
{
    /// <summary>The goal with the compared rights; all others are as the origin has them.</summary>
    public static Catalog Goal(SchemaDiff diff, Catalog origin, Catalog goal)
    {
        ImmutableHashSet<string> named = CatalogGrants.RolesOf(
            diff.Scope.History == HistorySide.From ? diff.From.Catalog : diff.To.Catalog);
        return CatalogRoles.WithGrants(goal, thing =>
        {
            CatalogObject? before = origin[thing.Name];
            return [.. CatalogRoles.Grants(thing, IsCompared), .. CatalogRoles.Grants(before, role => !IsCompared(role))];

            bool IsCompared(string role) => CatalogGrants.IsCompared(role, thing, before, diff.Scope, named);
        });
    }
}
