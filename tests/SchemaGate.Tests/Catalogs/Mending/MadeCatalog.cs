using System.Collections.Immutable;
using SchemaGate.Core.Catalogs;
using SchemaGate.Core.Catalogs.Mending;

namespace SchemaGate.Tests.Catalogs.Mending;

/// <summary>Catalogs by hand.</summary>
internal static class MadeCatalog
{
    public static Catalog Of(params CatalogObject[] objects) => new(150000, ["public"], objects.ToImmutableSortedDictionary(
        item => item.Name, item => item, CatalogName.Order));

    public static CatalogObject Thing(CatalogKind kind, string name, params (string Fact, string Value)[] facts) =>
        new(new(kind, "public", null, name), Facts(facts), []);

    public static CatalogObject Part(CatalogKind kind, string owner, string name, params (string Fact, string Value)[] facts) =>
        new(new(kind, "public", owner, name), Facts(facts), []);

    public static CatalogObject Column(string table, string name, string type, params (string Fact, string Value)[] facts) =>
        Part(CatalogKind.Column, table, name, [(CatalogFact.Type, type), .. facts]);

    public static CatalogObject Needing(this CatalogObject item, params CatalogObject[] needs) =>
        item with { Needs = [.. needs.Select(need => need.Name)] };

    public static MendPlan Plan(Catalog from, Catalog to) =>
        CatalogMending.Of(from, to, CatalogComparison.Compare(from, to, CatalogScope.Default with { AllGrants = true }));

    public static string[] Statements(Catalog from, Catalog to) => Sql(Plan(from, to));

    public static string[] Sql(MendPlan plan) => [.. plan.Statements.Select(statement => statement.Sql)];

    /// <summary>With what loses something as comments.</summary>
    public static string Text(Catalog from, Catalog to) => MendScript.Text(Plan(from, to), new(AllowDestructive: false));

    private static ImmutableSortedDictionary<string, string> Facts((string Fact, string Value)[] facts) =>
        facts.ToImmutableSortedDictionary(fact => fact.Fact, fact => fact.Value, StringComparer.Ordinal);
}
