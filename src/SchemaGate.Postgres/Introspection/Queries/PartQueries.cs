using SchemaGate.Core.Catalogs;
using static SchemaGate.Postgres.Introspection.Queries.CatalogServer;

namespace SchemaGate.Postgres.Introspection.Queries;

/// <summary>
/// What stands at a relation: constraints, indexes, triggers, rules, policies, extended statistics. Rows as of relations.
/// </summary>
internal static class PartQueries
{
    /// <summary>
    /// A trigger's own constraint is told as the trigger, a NOT NULL (18; of domains 17) that the server named as the column's fact. The
    /// foreign keys that the server adds for each partition of a referenced table are none of anybody's making.
    /// </summary>
    public static string Constraints(CatalogServer server) => $"""
        {server.Wholes}
        SELECT {ClassOf("pg_constraint")}, k.oid::int8, 0, {Kind(CatalogKind.Constraint)}, c.schema, c.relation, k.conname::text,
               {TypeOf} AS "{CatalogFact.ConstraintType}",
               pg_get_constraintdef(k.oid) AS "{CatalogFact.Definition}",
               {Yes("NOT k.conislocal OR k.conparentid <> 0")} AS "{CatalogFact.Inherited}"
        FROM rel c JOIN pg_constraint k ON k.conrelid = c.oid
        LEFT JOIN pg_constraint p ON p.oid = k.conparentid
        LEFT JOIN pg_attribute a ON k.contype = 'n' AND a.attrelid = c.oid AND a.attnum = k.conkey[1]
        WHERE k.contype <> 't' AND p.conrelid IS DISTINCT FROM k.conrelid
          AND NOT (k.contype = 'n' AND k.convalidated AND NOT k.connoinherit AND {IsServersOwn("c.relation", "a.attname::text")})
        UNION ALL
        SELECT {ClassOf("pg_constraint")}, k.oid::int8, 0, {Kind(CatalogKind.Constraint)}, n.nspname::text, t.typname::text,
               k.conname::text, {TypeOf}, pg_get_constraintdef(k.oid), NULL
        FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE t.typnamespace IN {server.In} AND {IsNoMember("pg_type", "t.oid")}
          AND NOT (k.contype = 'n' AND k.convalidated AND k.conname::text ~ '_not_null[0-9]*$')
        """;

    public static string Indexes(CatalogServer server) => $"""
        {server.Wholes}
        SELECT {ClassOf("pg_class")}, i.oid::int8, 0, {Kind(CatalogKind.Index)}, i.schema, NULL::text, i.relation,
               pg_get_indexdef(i.oid) AS "{CatalogFact.Definition}",
               {Quoted("c.schema")} || '.' || {Quoted("c.relation")} AS "{CatalogFact.Table}",
               CASE WHEN NOT x.indisvalid THEN 'no' END AS "{CatalogFact.Valid}",
               k.conname::text AS "{CatalogFact.OfConstraint}",
               {Yes("i.relispartition")} AS "{CatalogFact.Inherited}",
               (SELECT string_agg(a.attnum || '=' || a.attstattarget, ', ' ORDER BY a.attnum) FROM pg_attribute a
                WHERE a.attrelid = i.oid AND a.attstattarget >= 0) AS "{CatalogFact.StatisticsTarget}"
        FROM rel i JOIN pg_index x ON x.indexrelid = i.oid JOIN rel c ON c.oid = x.indrelid
        LEFT JOIN pg_constraint k ON k.conindid = i.oid AND k.conrelid = c.oid AND k.contype IN ('p', 'u', 'x')
        WHERE i.relkind IN ('i', 'I')
        """;

    public static string Statistics(CatalogServer server) => $"""
        {server.Relations}
        SELECT {ClassOf("pg_statistic_ext")}, s.oid::int8, 0, {Kind(CatalogKind.Statistics)}, n.nspname::text, NULL::text, s.stxname::text,
               pg_get_statisticsobjdef(s.oid) AS "{CatalogFact.Definition}",
               {Quoted("c.schema")} || '.' || {Quoted("c.relation")} AS "{CatalogFact.Table}",
               CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget::text END AS "{CatalogFact.StatisticsTarget}"
        FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace JOIN rel c ON c.oid = s.stxrelid
        WHERE s.stxnamespace IN {server.In} AND {IsNoMember("pg_statistic_ext", "s.oid")}
        """;

    public static string Rules(CatalogServer server) => $"""
        {server.Wholes}
        SELECT {ClassOf("pg_rewrite")}, r.oid::int8, 0, {Kind(CatalogKind.Rule)}, c.schema, c.relation, r.rulename::text,
               {server.Text("pg_get_ruledef(r.oid)")} AS "{CatalogFact.Definition}", {Enabled("r.ev_enabled")} AS "{CatalogFact.Enabled}"
        FROM rel c JOIN pg_rewrite r ON r.ev_class = c.oid
        WHERE r.rulename <> '_RETURN' AND {IsNoMember("pg_rewrite", "r.oid")}
        """;

    public static string Triggers(CatalogServer server) => $"""
        {server.Wholes}
        SELECT {ClassOf("pg_trigger")}, t.oid::int8, 0, {Kind(CatalogKind.Trigger)}, c.schema, c.relation, t.tgname::text,
               {server.Text("pg_get_triggerdef(t.oid)")} AS "{CatalogFact.Definition}", {Enabled("t.tgenabled")} AS "{CatalogFact.Enabled}",
               {Yes("t.tgparentid <> 0")} AS "{CatalogFact.Inherited}"
        FROM rel c JOIN pg_trigger t ON t.tgrelid = c.oid
        WHERE (NOT t.tgisinternal OR t.tgparentid <> 0 AND t.tgconstraint = 0) AND {IsNoMember("pg_trigger", "t.oid")}
        """;

    public static string Policies(CatalogServer server) => $"""
        {server.Wholes}
        SELECT {ClassOf("pg_policy")}, p.oid::int8, 0, {Kind(CatalogKind.Policy)}, c.schema, c.relation, p.polname::text,
               CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END
                   AS "{CatalogFact.Command}",
               {Yes("NOT p.polpermissive")} AS "{CatalogFact.Restrictive}",
               (SELECT string_agg(r.role, ', ' ORDER BY r.role COLLATE "C")
                FROM unnest(p.polroles) o (oid) LEFT JOIN pg_roles a ON a.oid = o.oid
                CROSS JOIN LATERAL (SELECT coalesce({Quoted("a.rolname")}, 'public')) r (role)) AS "{CatalogFact.Roles}",
               {server.Text("pg_get_expr(p.polqual, p.polrelid)")} AS "{CatalogFact.Using}",
               {server.Text("pg_get_expr(p.polwithcheck, p.polrelid)")} AS "{CatalogFact.WithCheck}"
        FROM rel c JOIN pg_policy p ON p.polrelid = c.oid
        """;

    private const string TypeOf = """
        CASE k.contype WHEN 'c' THEN 'check' WHEN 'u' THEN 'unique' WHEN 'p' THEN 'primary key' WHEN 'f' THEN 'foreign key'
            WHEN 'x' THEN 'exclude' WHEN 'n' THEN 'not null' ELSE k.contype::text END
        """;

    /// <summary>
    /// The server makes a name of the relation's and the column's, cuts both to fit into 63 bytes, and adds a number to one that is taken
    /// (its makeObjectName and ChooseConstraintName).
    /// </summary>
    private static string IsServersOwn(string relation, string column) => $"""
        (starts_with(k.conname::text, {relation} || '_' || {column} || '_not_null')
         OR octet_length(k.conname::text) > 56 AND k.conname::text ~ '_not_null[0-9]*$')
        """;

    private static string Enabled(string letter) =>
        $"CASE {letter} WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END";
}
