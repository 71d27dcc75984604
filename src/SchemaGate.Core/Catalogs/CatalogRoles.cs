using System.Collections.Immutable;
using SchemaGate.Core.Catalogs.Mending;

namespace SchemaGate.Core.Catalogs;

/// <summary>Catalogs with fewer roles in them.</summary>
public static class CatalogRoles
{
    /// <summary>
    /// A catalog as a server can have it that lacks roles: without their rights, and with the policies for those that are left, or for
    /// everyone where none is.
    /// </summary>
    public static Catalog On(IReadOnlySet<string> roles, Catalog catalog)
    {
        ArgumentNullException.ThrowIfNull(roles);
        ArgumentNullException.ThrowIfNull(catalog);
        Catalog granted = WithGrants(catalog, thing => Grants(thing, IsThere));
        IEnumerable<CatalogObject> policies = granted.Objects.Values.Where(thing => thing.Kind == CatalogKind.Policy);
        return granted with
        {
            Objects = granted.Objects.SetItems(policies.Select(policy => KeyValuePair.Create(policy.Name, Left(policy, IsThere)))),
        };

        bool IsThere(string role) => role == CatalogGrants.Public || roles.Contains(role);
    }

    private static CatalogObject Left(CatalogObject policy, Func<string, bool> which)
    {
        string[] left = [.. CatalogGrants.OfPolicy(policy).Where(which).Select(
            role => role == CatalogGrants.Public ? role : QuotedName.Of(role))];
        string text = left.Length == 0 ? CatalogGrants.Public : string.Join(", ", left);
        return policy with { Facts = policy.Facts.SetItem(CatalogFact.Roles, text) };
    }

    /// <summary>A catalog with these privileges, a line for each role.</summary>
    public static Catalog WithGrants(Catalog catalog, Func<CatalogObject, IEnumerable<string>> lines)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(lines);
        return catalog with
        {
            Objects = catalog.Objects.SetItems(
                catalog.Objects.Values.Select(thing => KeyValuePair.Create(thing.Name, With(thing, lines(thing))))),
        };
    }

    /// <summary>An object's privileges of some roles, one line each, as the fact has it; none where there is no object.</summary>
    public static IEnumerable<string> Grants(CatalogObject? thing, Func<string, bool> which) => thing is null
        ? []
        : QuotedText.Split(thing[CatalogFact.Grants] ?? CatalogGrants.Default(thing.Kind), '\n')
            .Where(line => CatalogGrants.Of(thing with { Facts = thing.Facts.SetItem(CatalogFact.Grants, line) }).Keys.Any(which));

    private static CatalogObject With(CatalogObject thing, IEnumerable<string> lines)
    {
        string text = string.Join('\n', lines.Order(StringComparer.Ordinal)), usual = CatalogGrants.Default(thing.Kind);
        if (text == (thing[CatalogFact.Grants] ?? usual))
        {
            return thing;
        }

        ImmutableSortedDictionary<string, string> facts = thing.Facts;
        return thing with
        {
            Facts = text == usual ? facts.Remove(CatalogFact.Grants) : facts.SetItem(CatalogFact.Grants, text),
        };
    }
}
