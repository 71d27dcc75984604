using System.Collections.Frozen;
using System.Collections.Immutable;

namespace SchemaGate.Core.Catalogs;

/// <summary>Which facts of an object differ.</summary>
internal sealed class FactComparison
{
    /// <summary>The first major that has the privilege MAINTAIN.</summary>
    private const int Maintain = 17;

    /// <summary>No statement changes a position, a scratch database has other owners, the arguments stand in the name, and so on.</summary>
    private static readonly FrozenSet<string> s_never = FrozenSet.Create(
        StringComparer.Ordinal, CatalogFact.Position, CatalogFact.OwnerRole, CatalogFact.Arguments, CatalogFact.NotNullName);

    /// <summary>What the server's own deparsing words, which is another in each major.</summary>
    private static readonly FrozenSet<string> s_deparsed = FrozenSet.Create(
        StringComparer.Ordinal, CatalogFact.Definition, CatalogFact.Default, CatalogFact.Using, CatalogFact.WithCheck,
        CatalogFact.PartitionBy, CatalogFact.PartitionBound, CatalogFact.Publishes);

    private readonly ImmutableHashSet<string> _roles;
    private readonly bool _sameMajor;
    private readonly bool _sameMaintain;
    private readonly CatalogScope _scope;
    private readonly Catalog _from;
    private readonly Catalog _to;

    public FactComparison(Catalog from, Catalog to, CatalogScope scope)
    {
        (_scope, _from, _to) = (scope, from, to);
        _sameMajor = from.Major == to.Major;
        _sameMaintain = from.Major < Maintain == to.Major < Maintain;
        _roles = CatalogGrants.RolesOf(scope.History == HistorySide.From ? from : to);
    }

    public ImmutableArray<string> Differing(CatalogObject from, CatalogObject to) =>
    [
        .. from.Facts.Keys.Union(to.Facts.Keys, StringComparer.Ordinal)
            .Where(fact => !s_never.Contains(fact) && !IsSame(fact, from, to))
            .Order(StringComparer.Ordinal),
    ];

    private bool IsSame(string fact, CatalogObject from, CatalogObject to) => fact switch
    {
        CatalogFact.Grants => IsSameGrants(from, to),
        CatalogFact.IdentitySequence when !(from.Has(fact) && to.Has(fact))
            || (IdentityName.IsServersOwn(from) && IdentityName.IsServersOwn(to) && !IsOfAnother(from, to)) => true,
        CatalogFact.Version when !_scope.ExtensionVersions => true,
        _ => from[fact] == to[fact]
            || (s_deparsed.Contains(fact) && from[fact] is { } one && to[fact] is { } other && IsSameText(from.Kind, one, other)),
    };

    /// <summary>Whether something else of one side has the name that the identity's sequence has on the other.</summary>
    private bool IsOfAnother(CatalogObject from, CatalogObject to) =>
        (QuotedName.Parts(from[CatalogFact.IdentitySequence]), QuotedName.Parts(to[CatalogFact.IdentitySequence])) is
            ([var schema, var before], [_, var after]) && before != after
        && (IdentityName.IsTaken(_from, schema, after) || IdentityName.IsTaken(_to, schema, before));

    private bool IsSameText(CatalogKind kind, string from, string to)
    {
        (string one, string other) = (DeparsedText.Settled(kind, from), DeparsedText.Settled(kind, to));
        return one == other || (!_sameMajor && CatalogText.Plain(one) == CatalogText.Plain(other));
    }

    private bool IsSameGrants(CatalogObject from, CatalogObject to)
    {
        (ImmutableSortedDictionary<string, string> before, ImmutableSortedDictionary<string, string> after) =
            (CatalogGrants.Of(from), CatalogGrants.Of(to));
        return before.Keys.Union(after.Keys, StringComparer.Ordinal)
            .Where(role => CatalogGrants.IsCompared(role, from, to, _scope, _roles))
            .All(role => Letters(before.GetValueOrDefault(role)) == Letters(after.GetValueOrDefault(role)));
    }

    /// <summary>MAINTAIN (17) is in ALL of a server that has it.</summary>
    private string Letters(string? privileges) => _sameMaintain
        ? privileges ?? ""
        : (privileges ?? "").Replace("m*", "", StringComparison.Ordinal).Replace("m", "", StringComparison.Ordinal);
}
