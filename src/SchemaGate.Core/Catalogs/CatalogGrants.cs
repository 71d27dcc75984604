using System.Collections.Immutable;
using SchemaGate.Core.Catalogs.Mending;

namespace SchemaGate.Core.Catalogs;

/// <summary>Privileges as <see cref="CatalogFact.Grants"/> has them.</summary>
public static class CatalogGrants
{
    public const string Public = "public";

    /// <summary>What PostgreSQL grants at first (documentation, 5.7): functions may be executed by everyone, types used.</summary>
    public static string Default(CatalogKind kind) => kind switch
    {
        CatalogKind.Function or CatalogKind.Procedure or CatalogKind.Aggregate => $"{Public}=X",
        CatalogKind.Enum or CatalogKind.Domain or CatalogKind.CompositeType or CatalogKind.RangeType => $"{Public}=U",
        _ => "",
    };

    /// <summary>The privileges by role.</summary>
    public static ImmutableSortedDictionary<string, string> Of(CatalogObject thing)
    {
        ArgumentNullException.ThrowIfNull(thing);
        ImmutableSortedDictionary<string, string>.Builder roles = ImmutableSortedDictionary.CreateBuilder<string, string>(
            StringComparer.Ordinal);
        foreach (string line in QuotedText.Split(thing[CatalogFact.Grants] ?? Default(thing.Kind), '\n'))
        {
            int end = line.LastIndexOf('=');
            if (end > 0)
            {
                roles[Role(line[..end])] = line[(end + 1)..];
            }
        }

        return roles.ToImmutable();
    }

    /// <summary>The roles that a policy is for; none where the catalog does not say.</summary>
    public static ImmutableArray<string> OfPolicy(CatalogObject thing)
    {
        ArgumentNullException.ThrowIfNull(thing);
        return [.. QuotedText.Split(thing[CatalogFact.Roles] ?? "", ',').Select(Role)];
    }

    /// <summary>Every role that a catalog grants something to or has a policy for; and PUBLIC, which is everyone.</summary>
    public static ImmutableHashSet<string> RolesOf(Catalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.Objects.Values
            .SelectMany(thing => Of(thing).Keys.Concat(OfPolicy(thing)))
            .Append(Public)
            .ToImmutableHashSet(StringComparer.Ordinal);
    }

    /// <summary>
    /// Roles that the history's side never names, either side's owner, and everyone's rights on the schema public (servers of different
    /// versions begin with different ones) do not count.
    /// </summary>
    /// <param name="role">Whose privileges.</param>
    /// <param name="thing">One side's object.</param>
    /// <param name="other">The other side's; null where there is none.</param>
    /// <param name="scope">Whether every role counts.</param>
    /// <param name="named">See <see cref="RolesOf"/>.</param>
    public static bool IsCompared(
        string role, CatalogObject thing, CatalogObject? other, CatalogScope scope, ImmutableHashSet<string> named)
    {
        ArgumentNullException.ThrowIfNull(thing);
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(named);
        return (scope.AllGrants || named.Contains(role))
            && role != thing[CatalogFact.OwnerRole] && role != other?[CatalogFact.OwnerRole]
            && !(thing.Name is { Kind: CatalogKind.Schema, Name: Public } && role is Public or "pg_database_owner");
    }

    /// <summary>No role is called public: the server reserves the name.</summary>
    private static string Role(string text) => QuotedName.Parts(text) is [var name] ? name : text;
}
