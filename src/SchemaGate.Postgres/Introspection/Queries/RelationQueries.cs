using SchemaGate.Core.Catalogs;
using static SchemaGate.Postgres.Introspection.Queries.CatalogServer;

namespace SchemaGate.Postgres.Introspection.Queries;

/// <summary>
/// Tables, columns, views and sequences. Each row is an address (class, oid, part), the kind, schema, owner and name, and then facts under
/// their names; a fact that is NULL is absent.
/// </summary>
internal static class RelationQueries
{
    public static string Tables(CatalogServer server) => $"""
        {server.Relations}
        SELECT {ClassOf("pg_class")}, c.oid::int8, 0,
               CASE c.relkind WHEN 'f' THEN {Kind(CatalogKind.ForeignTable)} ELSE {Kind(CatalogKind.Table)} END,
               c.schema, NULL::text, c.relation,
               {RoleName("c.relowner")} AS "{CatalogFact.OwnerRole}",
               CASE c.relpersistence WHEN 'u' THEN 'unlogged' END AS "{CatalogFact.Persistence}",
               CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END AS "{CatalogFact.PartitionBy}",
               CASE WHEN c.relispartition THEN p.parents END AS "{CatalogFact.PartitionOf}",
               pg_get_expr(c.relpartbound, c.oid) AS "{CatalogFact.PartitionBound}",
               CASE WHEN NOT c.relispartition THEN p.parents END AS "{CatalogFact.Inherits}",
               {OptionsOf("c")} AS "{CatalogFact.Options}",
               {Yes("c.relrowsecurity")} AS "{CatalogFact.RowSecurity}",
               {Yes("c.relforcerowsecurity")} AS "{CatalogFact.ForceRowSecurity}",
               CASE c.relreplident WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' WHEN 'i' THEN (
                   SELECT i.relname::text FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
                   WHERE x.indrelid = c.oid AND x.indisreplident) END AS "{CatalogFact.ReplicaIdentity}",
               CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, -1) END AS "{CatalogFact.OfType}",
               (SELECT a.amname::text FROM pg_am a WHERE a.oid = c.relam AND a.amname <> 'heap') AS "{CatalogFact.AccessMethod}",
               f.server AS "{CatalogFact.Server}"
        FROM rel c
        CROSS JOIN LATERAL (
            SELECT string_agg({Quoted("n.nspname")} || '.' || {Quoted("o.relname")}, ', ' ORDER BY i.inhseqno) AS parents
            FROM pg_inherits i JOIN pg_class o ON o.oid = i.inhparent JOIN pg_namespace n ON n.oid = o.relnamespace
            WHERE i.inhrelid = c.oid) p
        LEFT JOIN LATERAL (
            SELECT {Quoted("s.srvname")} || coalesce(' OPTIONS (' || {ForeignOptions("t.ftoptions")} || ')', '') AS server
            FROM pg_foreign_table t JOIN pg_foreign_server s ON s.oid = t.ftserver WHERE t.ftrelid = c.oid) f ON true
        WHERE c.relkind IN ('r', 'p', 'f')
        """;

    public static string Columns(CatalogServer server) => $"""
        {server.Wholes}
        SELECT {ClassOf("pg_class")}, c.oid::int8, a.attnum::int4, {Kind(CatalogKind.Column)}, c.schema, c.relation, a.attname::text,
               format_type(a.atttypid, a.atttypmod) AS "{CatalogFact.Type}",
               {Yes("a.attnotnull")} AS "{CatalogFact.NotNull}",
               pg_get_expr(d.adbin, d.adrelid) AS "{CatalogFact.Default}",
               CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS "{CatalogFact.Identity}",
               CASE WHEN a.attidentity <> '' THEN (
                   SELECT {SequenceOptions("s")} FROM pg_depend o JOIN pg_sequence s ON s.seqrelid = o.objid
                   WHERE o.classid = 'pg_class'::regclass AND o.refclassid = 'pg_class'::regclass AND o.refobjid = c.oid
                     AND o.refobjsubid = a.attnum AND o.deptype = 'i') END AS "{CatalogFact.SequenceOptions}",
               CASE WHEN a.attidentity <> '' THEN {server.Text($"""
                   (SELECT {Quoted("n.nspname")} || '.' || {Quoted("s.relname")}
                    FROM pg_depend o JOIN pg_class s ON s.oid = o.objid JOIN pg_namespace n ON n.oid = s.relnamespace
                    WHERE o.classid = 'pg_class'::regclass AND o.refclassid = 'pg_class'::regclass AND o.refobjid = c.oid
                      AND o.refobjsubid = a.attnum AND o.deptype = 'i')
                   """)} END AS "{CatalogFact.IdentitySequence}",
               {server.Since(18, server.Text("""
                   (SELECT k.conname::text FROM pg_constraint k
                    WHERE k.conrelid = c.oid AND k.contype = 'n' AND k.conkey[1] = a.attnum)
                   """))} AS "{CatalogFact.NotNullName}",
               CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END AS "{CatalogFact.Generated}",
               CASE WHEN a.attcollation <> t.typcollation THEN {TypeQueries.CollationOf("a.attcollation")} END
                   AS "{CatalogFact.Collation}",
               CASE WHEN a.attstorage <> t.typstorage THEN
                   CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END
               END AS "{CatalogFact.Storage}",
               {server.Since(14, "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END")} AS "{CatalogFact.Compression}",
               CASE WHEN a.attstattarget >= 0 THEN a.attstattarget::text END AS "{CatalogFact.StatisticsTarget}",
               {Yes("NOT a.attislocal")} AS "{CatalogFact.Inherited}",
               CASE WHEN a.attoptions IS NOT NULL OR a.attfdwoptions IS NOT NULL THEN
                   nullif(concat_ws(', ', {Sorted("a.attoptions")}, {ForeignOptions("a.attfdwoptions")}), '') END
                   AS "{CatalogFact.Options}",
               (row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum))::text AS "{CatalogFact.Position}"
        FROM rel c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relkind IN ('r', 'p', 'f')
        """;

    public static string Views(CatalogServer server) => $"""
        {server.Relations}
        SELECT {ClassOf("pg_class")}, c.oid::int8, 0,
               CASE c.relkind WHEN 'm' THEN {Kind(CatalogKind.MaterializedView)} ELSE {Kind(CatalogKind.View)} END,
               c.schema, NULL::text, c.relation,
               {RoleName("c.relowner")} AS "{CatalogFact.OwnerRole}",
               {server.Text("pg_get_viewdef(c.oid)")} AS "{CatalogFact.Definition}",
               {OptionsOf("c")} AS "{CatalogFact.Options}",
               (SELECT a.amname::text FROM pg_am a WHERE a.oid = c.relam AND a.amname <> 'heap') AS "{CatalogFact.AccessMethod}"
        FROM rel c WHERE c.relkind IN ('v', 'm')
        """;

    /// <summary>Of these the view's own query says all but what is said of them: defaults, and by address comments and grants.</summary>
    public static string ViewColumns(CatalogServer server) => $"""
        {server.Relations}
        SELECT {ClassOf("pg_class")}, c.oid::int8, a.attnum::int4, {Kind(CatalogKind.Column)}, c.schema, c.relation, a.attname::text,
               'yes' AS "{CatalogFact.OfView}", pg_get_expr(d.adbin, d.adrelid) AS "{CatalogFact.Default}"
        FROM rel c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relkind IN ('v', 'm')
        """;

    /// <summary>Without those of identity columns.</summary>
    public static string Sequences(CatalogServer server) => $"""
        {server.Relations}
        SELECT {ClassOf("pg_class")}, c.oid::int8, 0, {Kind(CatalogKind.Sequence)}, c.schema, NULL::text, c.relation,
               {RoleName("c.relowner")} AS "{CatalogFact.OwnerRole}",
               format_type(s.seqtypid, NULL) AS "{CatalogFact.Type}",
               {SequenceOptions("s")} AS "{CatalogFact.SequenceOptions}",
               CASE c.relpersistence WHEN 'u' THEN 'unlogged' END AS "{CatalogFact.Persistence}",
               (SELECT {Quoted("n.nspname")} || '.' || {Quoted("t.relname")} || '.' || {Quoted("a.attname")}
                FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace n ON n.oid = t.relnamespace
                JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
                WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
                  AND d.refobjsubid > 0 AND d.deptype = 'a') AS "{CatalogFact.OwnedBy}"
        FROM rel c JOIN pg_sequence s ON s.seqrelid = c.oid
        WHERE c.relkind = 'S' AND NOT EXISTS (
            SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i')
        """;

    /// <summary>What CREATE SEQUENCE does not do by itself (documentation, CREATE SEQUENCE); NULL for nothing.</summary>
    private static string SequenceOptions(string sequence)
    {
        const string Largest = "CASE {0}.seqtypid WHEN 21 THEN 32767 WHEN 23 THEN 2147483647 ELSE 9223372036854775807 END";
        string most = Largest.Replace("{0}", sequence, StringComparison.Ordinal);
        string first = $"CASE WHEN {sequence}.seqincrement > 0 THEN {sequence}.seqmin ELSE {sequence}.seqmax END";
        return $"""
            nullif(concat_ws(' ',
                CASE WHEN {sequence}.seqincrement <> 1 THEN 'INCREMENT BY ' || {sequence}.seqincrement END,
                CASE WHEN {sequence}.seqmin <> CASE WHEN {sequence}.seqincrement > 0 THEN 1 ELSE -({most}) - 1 END
                    THEN 'MINVALUE ' || {sequence}.seqmin END,
                CASE WHEN {sequence}.seqmax <> CASE WHEN {sequence}.seqincrement > 0 THEN {most} ELSE -1 END
                    THEN 'MAXVALUE ' || {sequence}.seqmax END,
                CASE WHEN {sequence}.seqstart <> {first} THEN 'START WITH ' || {sequence}.seqstart END,
                CASE WHEN {sequence}.seqcache <> 1 THEN 'CACHE ' || {sequence}.seqcache END,
                CASE WHEN {sequence}.seqcycle THEN 'CYCLE' END), '')
            """;
    }

    /// <summary>Storage parameters of a relation and its toast table, one by one behind commas.</summary>
    private static string OptionsOf(string relation) => $"""
        (SELECT string_agg(o.option, ', ' ORDER BY o.option COLLATE "C") FROM (
            SELECT unnest({relation}.reloptions) UNION ALL
            SELECT 'toast.' || unnest(t.reloptions) FROM pg_class t WHERE t.oid = {relation}.reltoastrelid) o (option))
        """;

    /// <summary>Without the server's own marks, such as pg_attver of Debian's 17.12, which each database has others of.</summary>
    private static string Sorted(string options) => $"""
        (SELECT string_agg(o.option, ', ' ORDER BY o.option COLLATE "C") FROM unnest({options}) o (option)
         WHERE NOT starts_with(o.option, 'pg_'))
        """;

    public static string ForeignOptions(string options) => $"""
        (SELECT string_agg({Quoted("o.option_name")} || ' ' || quote_literal(o.option_value), ', ' ORDER BY o.option_name COLLATE "C")
         FROM pg_options_to_table({options}) o)
        """;
}
