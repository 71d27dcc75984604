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
        return With(goal, thing =>
        {
            CatalogObject? before = origin[thing.Name];
            return [.. Lines(thing, IsCompared), .. Lines(before, role => !IsCompared(role))];

            bool IsCompared(string role) => CatalogGrants.IsCompared(role, thing, before, diff.Scope, named);
        });
    }

    /// <summary>A catalog without the rights of roles that a server lacks.</summary>
    public static Catalog On(IReadOnlySet<string> roles, Catalog catalog) =>
        With(catalog, thing => Lines(thing, role => role == CatalogGrants.Public || roles.Contains(role)));

    private static Catalog With(Catalog catalog, Func<CatalogObject, IEnumerable<string>> lines) => catalog with
    {
        Objects = catalog.Objects.SetItems(
            catalog.Objects.Values.Select(thing => KeyValuePair.Create(thing.Name, With(thing, lines(thing))))),
    };

    private static CatalogObject With(CatalogObject thing, IEnumerable<string> lines)
    {
        string text = string.Join('\n', lines.Order(StringComparer.Ordinal));
        return text == (thing[CatalogFact.Grants] ?? CatalogGrants.Default(thing.Kind)) ? thing : thing with
        {
            Facts = text == CatalogGrants.Default(thing.Kind)
                ? thing.Facts.Remove(CatalogFact.Grants)
                : thing.Facts.SetItem(CatalogFact.Grants, text),
        };
    }

    /// <summary>One for each role, as the fact has it.</summary>
    private static IEnumerable<string> Lines(CatalogObject? thing, Func<string, bool> which) => thing is null
        ? []
        : (thing[CatalogFact.Grants] ?? CatalogGrants.Default(thing.Kind)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => CatalogGrants.Of(thing with { Facts = thing.Facts.SetItem(CatalogFact.Grants, line) }).Keys.Any(which));
}
