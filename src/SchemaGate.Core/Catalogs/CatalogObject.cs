using System.Collections.Immutable;

namespace SchemaGate.Core.Catalogs;

/// <summary>One object as the server's catalog describes it.</summary>
/// <param name="Facts">
/// What <see cref="CatalogFact"/> names, each in the words of the server's own deparsing with an empty search path, so that equal texts
/// mean the same. A fact that has its default is absent.
/// </param>
/// <param name="Needs">What must be there before it (pg_depend), of those that the catalog has, in the order of their names.</param>
public sealed record CatalogObject(
    CatalogName Name, ImmutableSortedDictionary<string, string> Facts, ImmutableArray<CatalogName> Needs)
{
    public CatalogKind Kind => Name.Kind;

    public string? this[string fact] => Facts.GetValueOrDefault(fact);

    public bool Has(string fact) => Facts.ContainsKey(fact);
}
