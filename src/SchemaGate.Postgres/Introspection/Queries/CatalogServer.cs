using System.Globalization;
using SchemaGate.Core.Catalogs;

namespace SchemaGate.Postgres.Introspection.Queries;

/// <summary>The server that is asked, and the pieces that its queries are made of.</summary>
/// <param name="Version">As <c>server_version_num</c>: 150018.</param>
/// <param name="Namespaces">The oids of the schemas that are read.</param>
internal sealed record CatalogServer(int Version, IReadOnlyList<long> Namespaces)
{
    /// <summary>See <see cref="CatalogLimits.OnlyFolded"/>.</summary>
    public bool OnlyFolded { get; init; }

    /// <summary>As a list for IN; an oid that none has where there is no schema.</summary>
    public string In { get; } = $"({(Namespaces.Count == 0
        ? "0"
        : string.Join(", ", Namespaces.Select(oid => oid.ToString(CultureInfo.InvariantCulture))))})";

    /// <summary>
    /// The relations as <c>rel</c>, which every query about them begins with: no temporary ones, and none of an extension.
    /// </summary>
    public string Relations => $"""
        WITH rel AS (
            SELECT c.*, n.nspname::text AS schema, c.relname::text AS relation
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relnamespace IN {In} AND c.relpersistence <> 't' AND {IsNoMember("pg_class", "c.oid")})
        """;

    /// <summary>The relations whose parts are read.</summary>
    public string Wholes => OnlyFolded ? $"{Relations.TrimEnd()[..^1]} AND NOT c.relispartition)" : Relations;

    /// <summary>A text that keeps locks or takes much work, where it is read.</summary>
    public string Text(string expression) => OnlyFolded ? "NULL::text" : expression;

    /// <summary>What a newer server has a column for, and NULL from an older one.</summary>
    public string Since(int major, string expression, string otherwise = "NULL::text") =>
        Version >= major * 10_000 ? expression : otherwise;

    public static string Yes(string condition) => $"CASE WHEN {condition} THEN 'yes' END";

    /// <summary>A name in quotation marks, whatever it is.</summary>
    public static string Quoted(string name) => $"""('"' || replace({name}::text, '"', '""') || '"')""";

    public static string Kind(CatalogKind kind) => ((int)kind).ToString(CultureInfo.InvariantCulture);

    public static string ClassOf(string catalog) => $"'pg_catalog.{catalog}'::regclass::oid::int8";

    public static string IsNoMember(string catalog, string oid) => $"""
        NOT EXISTS (SELECT FROM pg_depend e
            WHERE e.classid = 'pg_catalog.{catalog}'::regclass AND e.objid = {oid} AND e.deptype = 'e')
        """;

    public static string RoleName(string oid) => $"pg_get_userbyid({oid})::text";
}
