using System.Collections.Immutable;
using SchemaGate.Core.Catalogs;

namespace SchemaGate.Tests.Catalogs;

/// <summary>Catalogs of a few objects.</summary>
internal static class Things
{
    public static Catalog Catalog(params CatalogObject[] things) => Catalog(15, things);

    public static Catalog Catalog(int major, params CatalogObject[] things) => new(
        major * 10_000, ["public"], things.ToImmutableSortedDictionary(thing => thing.Name, thing => thing, CatalogName.Order));

    public static CatalogObject Table(string name, params (string Fact, string Value)[] facts) =>
        Thing(CatalogKind.Table, null, name, facts);

    public static CatalogObject Column(string table, string name, string type, params (string Fact, string Value)[] facts) =>
        Thing(CatalogKind.Column, table, name, [(CatalogFact.Type, type), .. facts]);

    public static CatalogObject Thing(CatalogKind kind, string? owner, string name, params (string Fact, string Value)[] facts) => new(
        new CatalogName(kind, kind is CatalogKind.Schema or CatalogKind.Extension ? null : "public", owner, name),
        facts.ToImmutableSortedDictionary(fact => fact.Fact, fact => fact.Value, StringComparer.Ordinal), []);

    public static string Words(Catalog from, Catalog to, CatalogScope? scope = null) => string.Join(
        '\n', CatalogComparison.Compare(from, to, scope ?? CatalogScope.Default).Select(change => CatalogWords.Of(change)));
}
