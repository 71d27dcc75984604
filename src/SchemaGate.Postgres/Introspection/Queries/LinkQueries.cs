using static SchemaGate.Postgres.Introspection.Queries.CatalogServer;

namespace SchemaGate.Postgres.Introspection.Queries;

/// <summary>What is told about objects by their addresses: comments, privileges, what stands for what, what needs what.</summary>
internal static class LinkQueries
{
    /// <summary>Below it are the server's own objects (FirstNormalObjectId).</summary>
    private const string OwnObjects = "16384";

    /// <summary>Address and text.</summary>
    public static string Comments(CatalogServer server) => $"""
        SELECT d.classoid::int8, d.objoid::int8, d.objsubid, d.description
        FROM pg_description d
        WHERE (d.objoid >= {OwnObjects} OR d.classoid = 'pg_namespace'::regclass AND d.objoid IN {server.In})
          AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')
        """;

    /// <summary>Address and text: a role, quoted, and its privileges in each line; empty where nobody but the owner has any.</summary>
    public static string Grants(CatalogServer server) => $"""
        {server.Relations},
        acl (class, oid, part, owner, items) AS (
            SELECT {ClassOf("pg_class")}, c.oid, 0, c.relowner, c.relacl FROM rel c WHERE c.relacl IS NOT NULL
            UNION ALL
            SELECT {ClassOf("pg_class")}, c.oid, a.attnum, c.relowner, a.attacl
            FROM rel c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE a.attacl IS NOT NULL
            UNION ALL
            SELECT {ClassOf("pg_proc")}, p.oid, 0, p.proowner, p.proacl FROM pg_proc p
            WHERE p.pronamespace IN {server.In} AND p.proacl IS NOT NULL
            UNION ALL
            SELECT {ClassOf("pg_type")}, t.oid, 0, t.typowner, t.typacl FROM pg_type t
            WHERE t.typnamespace IN {server.In} AND t.typacl IS NOT NULL
            UNION ALL
            SELECT {ClassOf("pg_namespace")}, n.oid, 0, n.nspowner, n.nspacl FROM pg_namespace n
            WHERE n.oid IN {server.In} AND n.nspacl IS NOT NULL)
        SELECT acl.class, acl.oid::int8, acl.part::int4, coalesce((
            SELECT string_agg(l.line, E'\n' ORDER BY l.line COLLATE "C") FROM (
                SELECT coalesce({Quoted("r.rolname")}, CASE g.grantee WHEN 0 THEN 'public' ELSE g.grantee::text END) || '='
                       || string_agg(g.letter, '' ORDER BY g.letter COLLATE "C") AS line
                FROM (
                    SELECT x.grantee, {Letter("x.privilege_type")} || CASE WHEN bool_or(x.is_grantable) THEN '*' ELSE '' END AS letter
                    FROM aclexplode(acl.items) x WHERE x.grantee <> acl.owner GROUP BY x.grantee, x.privilege_type) g
                LEFT JOIN pg_roles r ON r.oid = g.grantee
                GROUP BY g.grantee, r.rolname) l), '')
        FROM acl
        """;

    /// <summary>
    /// An address and the one that it is a part of: a default of its column, a view's rule of the view, a row's type of its table, an
    /// array's of its element's, an identity's sequence of the column, a member of its extension.
    /// </summary>
    public static string Aliases(CatalogServer server) => $"""
        {server.Relations}
        SELECT {ClassOf("pg_attrdef")}, d.oid::int8, {ClassOf("pg_class")}, c.oid::int8, d.adnum::int4
        FROM rel c JOIN pg_attrdef d ON d.adrelid = c.oid
        UNION ALL
        SELECT {ClassOf("pg_rewrite")}, r.oid::int8, {ClassOf("pg_class")}, c.oid::int8, 0
        FROM rel c JOIN pg_rewrite r ON r.ev_class = c.oid WHERE r.rulename = '_RETURN'
        UNION ALL
        SELECT {ClassOf("pg_type")}, c.reltype::int8, {ClassOf("pg_class")}, c.oid::int8, 0
        FROM rel c WHERE c.reltype <> 0 AND c.relkind <> 'c'
        UNION ALL
        SELECT {ClassOf("pg_class")}, c.oid::int8, {ClassOf("pg_type")}, c.reltype::int8, 0 FROM rel c WHERE c.relkind = 'c'
        UNION ALL
        SELECT {ClassOf("pg_type")}, t.typarray::int8, {ClassOf("pg_type")}, t.oid::int8, 0
        FROM pg_type t WHERE t.typarray <> 0 AND t.oid >= {OwnObjects}
        UNION ALL
        {server.Since(14, $"""
            SELECT {ClassOf("pg_type")}, r.rngmultitypid::int8, {ClassOf("pg_type")}, r.rngtypid::int8, 0
            FROM pg_range r WHERE r.rngtypid >= {OwnObjects}
            UNION ALL
            """, "")}
        SELECT d.classid::int8, d.objid::int8, d.refclassid::int8, d.refobjid::int8, d.refobjsubid
        FROM rel c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
        WHERE c.relkind = 'S' AND d.deptype = 'i' AND d.refclassid = 'pg_class'::regclass
        UNION ALL
        SELECT d.classid::int8, d.objid::int8, d.refclassid::int8, d.refobjid::int8, 0
        FROM pg_depend d WHERE d.deptype = 'e'
        """;

    /// <summary>
    /// Who and whom, by address, of the schemas that are read. That a sequence belongs to a column is no need: the column needs the
    /// sequence, and the sequence has a fact.
    /// </summary>
    public static string Needs(CatalogServer server) => $"""
        {server.Relations},
        own (class, oid) AS (
            SELECT 'pg_class'::regclass::oid, oid FROM rel
            UNION ALL SELECT 'pg_type'::regclass::oid, oid FROM pg_type WHERE typnamespace IN {server.In}
            UNION ALL SELECT 'pg_proc'::regclass::oid, oid FROM pg_proc WHERE pronamespace IN {server.In}
            UNION ALL SELECT 'pg_collation'::regclass::oid, oid FROM pg_collation WHERE collnamespace IN {server.In}
            UNION ALL SELECT 'pg_attrdef'::regclass::oid, d.oid FROM rel c JOIN pg_attrdef d ON d.adrelid = c.oid
            UNION ALL SELECT 'pg_rewrite'::regclass::oid, r.oid FROM rel c JOIN pg_rewrite r ON r.ev_class = c.oid
            UNION ALL SELECT 'pg_trigger'::regclass::oid, t.oid FROM rel c JOIN pg_trigger t ON t.tgrelid = c.oid
            UNION ALL SELECT 'pg_policy'::regclass::oid, p.oid FROM rel c JOIN pg_policy p ON p.polrelid = c.oid
            UNION ALL SELECT 'pg_constraint'::regclass::oid, oid FROM pg_constraint WHERE connamespace IN {server.In}
            UNION ALL SELECT 'pg_statistic_ext'::regclass::oid, oid FROM pg_statistic_ext WHERE stxnamespace IN {server.In}
            UNION ALL SELECT 'pg_extension'::regclass::oid, oid FROM pg_extension
            UNION ALL SELECT 'pg_publication'::regclass::oid, oid FROM pg_publication)
        SELECT DISTINCT d.classid::int8, d.objid::int8, d.objsubid, d.refclassid::int8, d.refobjid::int8, d.refobjsubid
        FROM own JOIN pg_depend d ON d.classid = own.class AND d.objid = own.oid
        WHERE d.deptype IN ('n', 'a', 'i', 'P', 'S') AND d.refclassid <> 'pg_am'::regclass
          AND NOT (d.deptype = 'a' AND d.classid = 'pg_class'::regclass AND d.refobjsubid > 0
                   AND EXISTS (SELECT FROM pg_sequence s WHERE s.seqrelid = d.objid))
        UNION ALL
        SELECT {ClassOf("pg_publication")}, p.prpubid::int8, 0, {ClassOf("pg_class")}, p.prrelid::int8, 0
        FROM pg_publication_rel p JOIN rel ON rel.oid = p.prrelid
        """;

    /// <summary>The letters of an access privilege (documentation, 5.7, table 5.1).</summary>
    private static string Letter(string privilege) => $"""
        CASE {privilege} WHEN 'SELECT' THEN 'r' WHEN 'INSERT' THEN 'a' WHEN 'UPDATE' THEN 'w' WHEN 'DELETE' THEN 'd'
            WHEN 'TRUNCATE' THEN 'D' WHEN 'REFERENCES' THEN 'x' WHEN 'TRIGGER' THEN 't' WHEN 'MAINTAIN' THEN 'm'
            WHEN 'EXECUTE' THEN 'X' WHEN 'USAGE' THEN 'U' WHEN 'CREATE' THEN 'C' ELSE {privilege} END
        """;
}
