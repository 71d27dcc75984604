using System.Text.RegularExpressions;
using SchemaGate.Core;
using SchemaGate.Core.Changelogs.Drafting;
using SchemaGate.Core.Migrations;
using SchemaGate.Evidence;
using SchemaGate.Tests;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary>A rollback that is drafted in SQL does what it says: run behind its migration, the catalog is what it was.</summary>
public sealed partial class DraftedRollbackTests
{
    private const string Catalog = """
        SELECT concat('relation ', c.relkind, ' ', c.oid::regclass, ' ', string_agg(concat(
            a.attname, ' ', a.atttypid::regtype, ' ', a.attnotnull, ' ', pg_get_expr(d.adbin, d.adrelid)), ', ' ORDER BY a.attnum))
        FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace GROUP BY c.oid, c.relkind
        UNION ALL SELECT concat('constraint ', conname, ' ', pg_get_constraintdef(oid)) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT concat('type ', t.typname, (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder)
            FROM pg_enum WHERE enumtypid = t.oid)) FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace
        UNION ALL SELECT concat('function ', p.proname) FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
        UNION ALL SELECT concat('trigger ', tgname) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT concat('policy ', polname) FROM pg_policy
        UNION ALL SELECT concat('schema ', nspname) FROM pg_namespace
        UNION ALL SELECT concat('row security ', relname) FROM pg_class WHERE relrowsecurity
        ORDER BY 1
        """;

    private static readonly string s_demo = Path.Combine(Repository.Root, "config", "demo", "schema-v2", "prisma");

    public static TheoryData<string, string> Migrations => new()
    {
        { "the seed's sites", Demo("20241224000000_add_sites_model") },
        { "the seed's usage", Demo("20241224100000_add_cs_ai_usage_tables") },
        {
            "renames", """
                ALTER TABLE t RENAME COLUMN a TO "A b"; ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME CONSTRAINT t_pkey TO k;
                ALTER TYPE mood RENAME VALUE 'sad' TO 'it''s'; ALTER INDEX t_a RENAME TO i;
                """
        },
        {
            "additions", """
                CREATE SCHEMA audit; CREATE TYPE colour AS ENUM ('red'); CREATE DOMAIN positive AS int CHECK (VALUE > 0);
                CREATE TABLE "N n" (id int PRIMARY KEY, t int CONSTRAINT n_t REFERENCES t (id)); CREATE INDEX "N i" ON "N n" (t);
                ALTER TABLE t ADD COLUMN d int NOT NULL DEFAULT 1, ADD CONSTRAINT d_check CHECK (d > 0);
                ALTER TABLE t ALTER COLUMN a SET NOT NULL, ALTER COLUMN b DROP NOT NULL; CREATE UNIQUE INDEX t_b ON t (b);
                CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
                CREATE SEQUENCE s; CREATE VIEW v AS SELECT id FROM t;
                CREATE TABLE m (id int) PARTITION BY LIST (id); ALTER TABLE m ATTACH PARTITION old DEFAULT;
                CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE POLICY p ON t USING (true);
                """
        },
    };

    [Theory]
    [MemberData(nameof(Migrations))]
    public async Task A_drafted_rollback_leaves_the_catalog_as_it_was(string what, string sql)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        string before = what.Contains("seed", StringComparison.Ordinal)
            ? Demo("00000000000000_init_baseline")
            : """
                CREATE TYPE mood AS ENUM ('ok', 'sad');
                CREATE TABLE t (id int PRIMARY KEY, a text, b int NOT NULL);
                CREATE INDEX t_a ON t (a); CREATE TABLE old (id int);
                """;
        Assert.Null((await database.ApplyAsync(("0_before", before))).Failure);
        IReadOnlyList<string> catalog = await database.QueryAsync(Catalog);
        Assert.Null((await database.ApplyAsync(("0_before", before), ("1_x", sql))).Failure);
        Assert.NotEqual(catalog, await database.QueryAsync(Catalog));
        await database.ExecuteAsync([.. Rollback(before, sql)]);
        Assert.Equal(catalog, await database.QueryAsync(Catalog));
    }

    private static string Demo(string name) => File.ReadAllText(Path.Combine(s_demo, "migrations", name, "migration.sql"));

    private static IEnumerable<string> Rollback(string before, string sql)
    {
        MigrationSet set = TestDatabase.Set(("0_before", before), ("1_x", sql));
        DraftedEntry draft = Assert.IsType<Evidence<IReadOnlyList<DraftedEntry>>.Found>(DraftEvidence.Draft(
            set, new HashSet<string>(StringComparer.Ordinal) { "1_x" }, null, "m", TimeProvider.System)).Value[0];
        return draft.Field("Rollback")!.Items!.Select(item => Assert.IsType<string>(Statement().Match(item).Groups["sql"].Value));
    }

    /// <summary>Every step of these is a statement.</summary>
    [GeneratedRegex("^`(?<sql>.*)`$", RegexOptions.NonBacktracking)]
    private static partial Regex Statement();
}
