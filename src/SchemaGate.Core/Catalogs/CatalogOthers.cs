using System.Collections.Immutable;
using SchemaGate.Core.Catalogs.Mending;

namespace SchemaGate.Core.Catalogs;

/// <summary>
/// Extensions and publications belong to no schema: what the history's side has not made, and what is for schemas that are not asked
/// about, is other people's. Where no side is a history's, that is so whichever of the two has it.
/// </summary>
public static class CatalogOthers
{
    /// <summary>The names of those that only one side has. An extension that something which is compared needs is none.</summary>
    public static ImmutableHashSet<CatalogName> Of(Catalog from, Catalog to, CatalogScope scope)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(scope);
        string[] asked = [.. from.Schemas.Union(to.Schemas, StringComparer.Ordinal)];
        ImmutableHashSet<CatalogName> ofTo = scope.HasHistory && scope.History == HistorySide.To ? [] : In(to, from, asked, scope);
        return scope.HasHistory && scope.History == HistorySide.From ? ofTo : ofTo.Union(In(from, to, asked, scope));
    }

    /// <summary>A catalog without them.</summary>
    public static Catalog Without(this Catalog catalog, IEnumerable<CatalogName> others)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog with { Objects = catalog.Objects.RemoveRange(others) };
    }

    private static ImmutableHashSet<CatalogName> In(Catalog side, Catalog other, string[] asked, CatalogScope scope)
    {
        CatalogName[] extra = [.. side.Objects.Values.Where(item => other[item.Name] is null && IsElsewhere(item, asked))
            .Select(item => item.Name)];
        return extra.Length == 0 ? [] : [.. extra.Except(Needed(side, scope))];
    }

    private static bool IsElsewhere(CatalogObject item, string[] asked)
    {
        string?[] schemas = item.Kind switch
        {
            CatalogKind.Extension => [item[CatalogFact.InSchema]],
            CatalogKind.Publication => [.. Published.Schemas(item)],
            _ => [],
        };
        return schemas.Length > 0
            && !schemas.Any(schema => schema is null or "pg_catalog" || asked.Contains(schema, StringComparer.Ordinal));
    }

    /// <summary>The extensions that objects of the schemas need, and those that these need.</summary>
    private static HashSet<CatalogName> Needed(Catalog side, CatalogScope scope)
    {
        HashSet<CatalogName> needed = [];
        Queue<CatalogObject> open = new(side.Objects.Values.Where(item => item.Name.Schema is not null && !scope.LeavesOut(item)));
        while (open.TryDequeue(out CatalogObject? item))
        {
            foreach (CatalogName need in item.Needs.Where(need => need.Kind == CatalogKind.Extension && needed.Add(need)))
            {
                if (side[need] is { } extension)
                {
                    open.Enqueue(extension);
                }
            }
        }

        return needed;
    }
}
