using SchemaGate.Core.Catalogs;
using static SchemaGate.Postgres.Introspection.Queries.CatalogServer;

namespace SchemaGate.Postgres.Introspection.Queries;

/// <summary>Publications, and by name what is not compared. Rows as of relations.</summary>
internal static class OtherQueries
{
    public static string Publications(CatalogServer server) => $"""
        SELECT {ClassOf("pg_publication")}, p.oid::int8, 0, {Kind(CatalogKind.Publication)}, NULL::text, NULL::text, p.pubname::text,
               {RoleName("p.pubowner")} AS "{CatalogFact.OwnerRole}",
               CASE WHEN p.puballtables THEN 'ALL TABLES' ELSE nullif(concat_ws(', ', (
                   SELECT string_agg('TABLE ' || {Quoted("n.nspname")} || '.' || {Quoted("c.relname")}
                       {server.Since(15, Restriction, "")}, ', ' ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C")
                   FROM pg_publication_rel r JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE r.prpubid = p.oid), {server.Since(15, Schemas)}), '') END AS "{CatalogFact.Publishes}",
               concat_ws(', ',
                   'publish = ''' || concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                       CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END) || '''',
                   CASE WHEN p.pubviaroot THEN 'publish_via_partition_root = true' END,
                   {server.Since(18, "CASE WHEN p.pubgencols <> 'n' THEN 'publish_generated_columns = stored' END")})
                   AS "{CatalogFact.Options}"
        FROM pg_publication p WHERE {IsNoMember("pg_publication", "p.oid")}
        """;

    /// <summary>
    /// A kind and a name; each of the asked schemas, of no extension, and not the server's own. Not every role may read all of
    /// pg_subscription: its connections have passwords in them.
    /// </summary>
    public static string Others(CatalogServer server) => string.Join("\nUNION ALL\n",
        InSchema(
            server, "pg_operator", "opr", "operator",
            "|| '(' || CASE WHEN o.oprleft <> 0 THEN format_type(o.oprleft, -1) || ', ' ELSE '' END || format_type(o.oprright, -1) || ')'"),
        InSchema(server, "pg_opclass", "opc", "operator class", UsingMethod("o.opcmethod")),
        InSchema(server, "pg_opfamily", "opf", "operator family", UsingMethod("o.opfmethod")),
        InSchema(server, "pg_conversion", "con", "conversion"),
        InSchema(server, "pg_ts_config", "cfg", "text search configuration"),
        InSchema(server, "pg_ts_dict", "dict", "text search dictionary"),
        InSchema(server, "pg_ts_parser", "prs", "text search parser"),
        InSchema(server, "pg_ts_template", "tmpl", "text search template"),
        $"{InSchema(server, "pg_type", "typ", "type")} AND o.typtype IN ('b', 'p') AND o.typelem = 0",
        Global("pg_event_trigger", "evtname", "event trigger"),
        Global("pg_foreign_server", "srvname", "foreign server"),
        Global("pg_foreign_data_wrapper", "fdwname", "foreign data wrapper"),
        Global("pg_language", "lanname", "language"),
        Global("pg_am", "amname", "access method"),
        $"{Global("pg_cast", "castsource::regtype::text || ' AS ' || o.casttarget::regtype", "cast")} AND {IsNotMadeAlong}",
        $"""
        SELECT {ClassOf("pg_subscription")}, {server.Since(14, "o.oid", "0")}::int8, 0, {Kind(CatalogKind.Other)}, NULL::text, NULL::text,
               'subscription ' || o.subname
        FROM pg_subscription o WHERE o.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
        """,
        $"""
        SELECT {ClassOf("pg_default_acl")}, o.oid::int8, 0, {Kind(CatalogKind.Other)}, n.nspname::text, NULL::text,
               'default privileges ' || {WhoseDefaults(server)} || 'on ' || CASE o.defaclobjtype WHEN 'r' THEN 'tables'
                   WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas'
                   ELSE 'large objects' END
        FROM pg_default_acl o LEFT JOIN pg_namespace n ON n.oid = o.defaclnamespace
        WHERE o.defaclnamespace = 0 OR o.defaclnamespace IN {server.In}
        """);

    /// <summary>A range makes a cast to its multirange.</summary>
    private const string IsNotMadeAlong = """
        NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_cast'::regclass AND i.objid = o.oid AND i.deptype = 'i')
        """;

    /// <summary>Nobody's name where they are of an owner of what is read: a scratch database has another one.</summary>
    private static string WhoseDefaults(CatalogServer server) => $"""
        CASE WHEN EXISTS (SELECT FROM pg_class c WHERE c.relowner = o.defaclrole AND c.relnamespace IN {server.In})
                  OR EXISTS (SELECT FROM pg_proc p WHERE p.proowner = o.defaclrole AND p.pronamespace IN {server.In})
             THEN '' ELSE 'of ' || pg_get_userbyid(o.defaclrole) || ' ' END
        """;

    /// <summary>Columns and WHERE of a published table.</summary>
    private static readonly string Restriction = $"""
        || coalesce(' (' || (SELECT string_agg({Quoted("a.attname")}, ', ' ORDER BY a.attnum) FROM pg_attribute a
               WHERE a.attrelid = c.oid AND a.attnum = ANY (r.prattrs)) || ')', '')
        || coalesce(' WHERE ' || CASE WHEN r.prqual IS NOT NULL THEN '(' || pg_get_expr(r.prqual, r.prrelid) || ')' END, '')
        """;

    private static readonly string Schemas = $"""
        (SELECT string_agg('TABLES IN SCHEMA ' || {Quoted("n.nspname")}, ', ' ORDER BY n.nspname COLLATE "C")
         FROM pg_publication_namespace s JOIN pg_namespace n ON n.oid = s.pnnspid WHERE s.pnpubid = p.oid)
        """;

    private static string UsingMethod(string method) => $"|| ' USING ' || (SELECT m.amname FROM pg_am m WHERE m.oid = {method})";

    private static string InSchema(CatalogServer server, string catalog, string prefix, string word, string more = "") => $"""
        SELECT {ClassOf(catalog)}, o.oid::int8, 0, {Kind(CatalogKind.Other)}, n.nspname::text, NULL::text,
               '{word} ' || o.{prefix}name::text {more}
        FROM {catalog} o JOIN pg_namespace n ON n.oid = o.{prefix}namespace
        WHERE o.{prefix}namespace IN {server.In} AND o.oid >= 16384 AND {IsNoMember(catalog, "o.oid")}
        """;

    private static string Global(string catalog, string name, string word) => $"""
        SELECT {ClassOf(catalog)}, o.oid::int8, 0, {Kind(CatalogKind.Other)}, NULL::text, NULL::text, '{word} ' || o.{name}::text
        FROM {catalog} o WHERE o.oid >= 16384 AND {IsNoMember(catalog, "o.oid")}
        """;
}
