using SchemaGate.Core.Catalogs;
using static SchemaGate.Postgres.Introspection.Queries.CatalogServer;

namespace SchemaGate.Postgres.Introspection.Queries;

/// <summary>Functions, procedures and aggregates. Rows as of relations.</summary>
internal static class RoutineQueries
{
    /// <summary>Their names have the types of the arguments behind them, as DROP FUNCTION takes them.</summary>
    public static string Routines(CatalogServer server) => $"""
        SELECT {ClassOf("pg_proc")}, p.oid::int8, 0,
               CASE p.prokind WHEN 'p' THEN {Kind(CatalogKind.Procedure)} ELSE {Kind(CatalogKind.Function)} END,
               n.nspname::text, NULL::text, p.proname::text || '(' || oidvectortypes(p.proargtypes) || ')',
               {RoleName("p.proowner")} AS "{CatalogFact.OwnerRole}",
               oidvectortypes(p.proargtypes) AS "{CatalogFact.Arguments}",
               {server.Text("pg_get_functiondef(p.oid)")} AS "{CatalogFact.Definition}"
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.pronamespace IN {server.In} AND p.prokind <> 'a' AND {IsNoMember("pg_proc", "p.oid")}
          AND {IsNoneOfARange("p.oid")}
        """;

    public static string Aggregates(CatalogServer server) => $"""
        SELECT {ClassOf("pg_proc")}, p.oid::int8, 0, {Kind(CatalogKind.Aggregate)}, n.nspname::text, NULL::text,
               p.proname::text || '(' || oidvectortypes(p.proargtypes) || ')',
               {RoleName("p.proowner")} AS "{CatalogFact.OwnerRole}",
               oidvectortypes(p.proargtypes) AS "{CatalogFact.Arguments}",
               'CREATE OR REPLACE AGGREGATE ' || {Quoted("n.nspname")} || '.' || {Quoted("p.proname")} || '('
               || coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*') || ') (' || concat_ws(', ',
                   'SFUNC = ' || {Function("a.aggtransfn")},
                   'STYPE = ' || format_type(a.aggtranstype, NULL),
                   'SSPACE = ' || nullif(a.aggtransspace, 0),
                   'FINALFUNC = ' || {Function("a.aggfinalfn")},
                   CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
                   {Modify("FINALFUNC_MODIFY", "a.aggfinalfn", "a.aggfinalmodify")},
                   'COMBINEFUNC = ' || {Function("a.aggcombinefn")},
                   'SERIALFUNC = ' || {Function("a.aggserialfn")},
                   'DESERIALFUNC = ' || {Function("a.aggdeserialfn")},
                   'INITCOND = ' || quote_literal(a.agginitval),
                   'MSFUNC = ' || {Function("a.aggmtransfn")},
                   'MINVFUNC = ' || {Function("a.aggminvtransfn")},
                   'MSTYPE = ' || CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END,
                   'MSSPACE = ' || nullif(a.aggmtransspace, 0),
                   'MFINALFUNC = ' || {Function("a.aggmfinalfn")},
                   CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
                   {Modify("MFINALFUNC_MODIFY", "a.aggmfinalfn", "a.aggmfinalmodify")},
                   'MINITCOND = ' || quote_literal(a.aggminitval),
                   'SORTOP = ' || (SELECT 'OPERATOR(' || {Quoted("m.nspname")} || '.' || o.oprname || ')'
                       FROM pg_operator o JOIN pg_namespace m ON m.oid = o.oprnamespace WHERE o.oid = a.aggsortop),
                   CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END,
                   CASE a.aggkind WHEN 'h' THEN 'HYPOTHETICAL' END) || ')' AS "{CatalogFact.Definition}"
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_aggregate a ON a.aggfnoid = p.oid
        WHERE p.pronamespace IN {server.In} AND {IsNoMember("pg_proc", "p.oid")}
        """;

    private static string Function(string oid) => $"""
        (SELECT {Quoted("m.nspname")} || '.' || {Quoted("f.proname")} FROM pg_proc f JOIN pg_namespace m ON m.oid = f.pronamespace
         WHERE f.oid = {oid}::oid)
        """;

    /// <summary>READ_ONLY is what CREATE AGGREGATE takes for granted, but for ordered sets, where READ_WRITE is.</summary>
    private static string Modify(string name, string function, string letter) => $"""
        CASE WHEN {function}::oid <> 0 AND {letter} <> CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END THEN '{name} = '
            || CASE {letter} WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END
        """;

    /// <summary>A range's constructors come and go with it.</summary>
    private static string IsNoneOfARange(string oid) => $"""
        NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = {oid} AND i.deptype = 'i'
            AND i.refclassid = 'pg_type'::regclass)
        """;
}
