using SchemaGate.Core.Catalogs;
using static SchemaGate.Postgres.Introspection.Queries.CatalogServer;

namespace SchemaGate.Postgres.Introspection.Queries;

/// <summary>Types, collations, schemas, extensions. Rows as of relations.</summary>
internal static class TypeQueries
{
    public static string Schemas(CatalogServer server) => $"""
        SELECT {ClassOf("pg_namespace")}, n.oid::int8, 0, {Kind(CatalogKind.Schema)}, NULL::text, NULL::text, n.nspname::text,
               {RoleName("n.nspowner")} AS "{CatalogFact.OwnerRole}"
        FROM pg_namespace n WHERE n.oid IN {server.In}
        """;

    public static string Extensions(CatalogServer server) => $"""
        SELECT {ClassOf("pg_extension")}, e.oid::int8, 0, {Kind(CatalogKind.Extension)}, NULL::text, NULL::text, e.extname::text,
               e.extversion AS "{CatalogFact.Version}", n.nspname::text AS "{CatalogFact.InSchema}"
        FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
        """;

    public static string Collations(CatalogServer server) => $"""
        SELECT {ClassOf("pg_collation")}, c.oid::int8, 0, {Kind(CatalogKind.Collation)}, n.nspname::text, NULL::text, c.collname::text,
               {RoleName("c.collowner")} AS "{CatalogFact.OwnerRole}",
               concat_ws(', ',
                   'provider = ' || CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' WHEN 'c' THEN 'libc' END,
                   CASE WHEN c.collprovider = 'c' THEN 'lc_collate = ' || quote_literal(c.collcollate) END,
                   CASE WHEN c.collprovider = 'c' THEN 'lc_ctype = ' || quote_literal(c.collctype) END,
                   CASE WHEN c.collprovider <> 'c' THEN 'locale = ' || quote_literal({Locale(server)}) END,
                   {server.Since(16, "'rules = ' || quote_literal(c.collicurules)")},
                   CASE WHEN NOT c.collisdeterministic THEN 'deterministic = false' END) AS "{CatalogFact.Definition}"
        FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
        WHERE c.collnamespace IN {server.In} AND {IsNoMember("pg_collation", "c.oid")}
        """;

    public static string Enums(CatalogServer server) => $"""
        {Head(CatalogKind.Enum)},
               (SELECT string_agg(quote_literal(e.enumlabel), E'\n' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)
                   AS "{CatalogFact.Labels}"
        {From(server)} AND t.typtype = 'e'
        """;

    public static string Domains(CatalogServer server) => $"""
        {Head(CatalogKind.Domain)},
               format_type(t.typbasetype, t.typtypmod) AS "{CatalogFact.Type}",
               {Yes("t.typnotnull")} AS "{CatalogFact.NotNull}",
               coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault) AS "{CatalogFact.Default}",
               CASE WHEN t.typcollation <> (SELECT b.typcollation FROM pg_type b WHERE b.oid = t.typbasetype)
                   THEN {CollationOf("t.typcollation")} END AS "{CatalogFact.Collation}"
        {From(server)} AND t.typtype = 'd'
        """;

    public static string Composites(CatalogServer server) => $"""
        {Head(CatalogKind.CompositeType)},
               (SELECT string_agg({Quoted("a.attname")} || ' ' || format_type(a.atttypid, a.atttypmod)
                    || CASE WHEN a.attcollation <> b.typcollation THEN ' COLLATE ' || {CollationOf("a.attcollation")} ELSE '' END,
                    E'\n' ORDER BY a.attnum)
                FROM pg_attribute a JOIN pg_type b ON b.oid = a.atttypid
                WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) AS "{CatalogFact.Attributes}"
        {From(server)} AND t.typtype = 'c' AND (SELECT c.relkind FROM pg_class c WHERE c.oid = t.typrelid) = 'c'
        """;

    public static string Ranges(CatalogServer server) => $"""
        {Head(CatalogKind.RangeType)},
               'CREATE TYPE ' || {Quoted("n.nspname")} || '.' || {Quoted("t.typname")} || ' AS RANGE (' || concat_ws(', ',
                   'subtype = ' || format_type(r.rngsubtype, NULL),
                   (SELECT 'subtype_opclass = ' || {Quoted("m.nspname")} || '.' || {Quoted("o.opcname")}
                    FROM pg_opclass o JOIN pg_namespace m ON m.oid = o.opcnamespace WHERE o.oid = r.rngsubopc AND NOT o.opcdefault),
                   CASE WHEN r.rngcollation <> (SELECT b.typcollation FROM pg_type b WHERE b.oid = r.rngsubtype)
                       THEN 'collation = ' || {CollationOf("r.rngcollation")} END,
                   CASE WHEN r.rngcanonical <> 0 THEN 'canonical = ' || r.rngcanonical END,
                   CASE WHEN r.rngsubdiff <> 0 THEN 'subtype_diff = ' || r.rngsubdiff END,
                   {server.Since(14, Multirange)}) || ')' AS "{CatalogFact.Definition}"
        {From(server, "JOIN pg_range r ON r.rngtypid = t.oid")}
        """;

    public static string CollationOf(string oid) => $"""
        (SELECT {Quoted("m.nspname")} || '.' || {Quoted("l.collname")} FROM pg_collation l JOIN pg_namespace m ON m.oid = l.collnamespace
         WHERE l.oid = {oid})
        """;

    /// <summary>Where it is not what the server makes of the range's (its makeMultirangeTypeName).</summary>
    private static readonly string Multirange = $"""
        'multirange_type_name = ' || (SELECT {Quoted("m.nspname")} || '.' || {Quoted("u.typname")}
            FROM pg_type u JOIN pg_namespace m ON m.oid = u.typnamespace
            WHERE u.oid = r.rngmultitypid AND (u.typnamespace <> t.typnamespace OR octet_length(u.typname) < 63 AND u.typname <>
                CASE WHEN t.typname LIKE '%range%' THEN regexp_replace(t.typname, 'range', 'multirange')
                    ELSE t.typname || '_multirange' END))
        """;

    private static string Head(CatalogKind kind) => $"""
        SELECT {ClassOf("pg_type")}, t.oid::int8, 0, {Kind(kind)}, n.nspname::text, NULL::text, t.typname::text,
               {RoleName("t.typowner")} AS "{CatalogFact.OwnerRole}"
        """;

    private static string From(CatalogServer server, string join = "") => $"""
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace {join}
        WHERE t.typnamespace IN {server.In} AND {IsNoMember("pg_type", "t.oid")}
        """;

    /// <summary>colliculocale came with 15 and is colllocale since 17.</summary>
    private static string Locale(CatalogServer server) =>
        server.Since(17, "c.colllocale", server.Since(15, "c.colliculocale", "c.collcollate"));
}
