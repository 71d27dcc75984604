using SchemaGate.Core.Catalogs.Folding;
using SchemaGate.Core.Risk.Rules;
using SchemaGate.Postgres.Tests.Risk;
using SchemaGate.Tests;

namespace SchemaGate.Postgres.Tests.Introspection;

/// <summary>What the text of migrations says of a live database: everything that is certain, and nothing else.</summary>
public sealed class FoldedDriftTests
{
    private static readonly string[] s_seed = [SeedMigrationTests.Baseline, SeedMigrationTests.Sites, SeedMigrationTests.Usage];

    public static TheoryData<string> Rules => [.. RuleCatalog.All.Select(rule => rule.Id)];

    public static TheoryData<string> Folders =>
    [
        .. ((string[])["config", "tests"]).SelectMany(
                folder => Directory.EnumerateDirectories(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories))
            .Where(folder => Directory.EnumerateFiles(folder, "*.sql", SearchOption.AllDirectories).Any()
                && Path.GetFileName(folder) is "migrations" or "migration" or "Migrations" && !folder.Contains("/bin/"))
            .Select(folder => Path.GetRelativePath(Repository.Root, folder)),
    ];

    /// <summary>Pages' scripts are of every statement that a rule is about.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public Task Scripts_of_a_rules_page_leave_no_drift(string rule) => CatalogDatabase.OnEachAsync(async database =>
    {
        foreach (PageBlock block in PageBlock.In(RuleCatalog.Page(rule)!))
        {
            await database.ExecuteAsync("DROP SCHEMA public CASCADE", "CREATE SCHEMA public");
            FoldedDrift? drift = await FoldedDatabase.DriftAsync(database, [.. block.Earlier, block.Sql]);
            Assert.True(drift is null || drift.Changes.IsEmpty, $"{(drift is null ? "" : FoldedDatabase.Words(drift))}\n{block.Sql}");
        }
    });

    [Theory]
    [MemberData(nameof(Folders))]
    public Task Migrations_of_a_folder_leave_no_drift(string folder) => CatalogDatabase.OnEachAsync(async database =>
    {
        string[] scripts = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.sql", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(File.ReadAllText)];
        FoldedDrift? drift = await FoldedDatabase.DriftAsync(database, scripts);
        Assert.NotNull(drift);
        Assert.Equal("", FoldedDatabase.Words(drift));
    });

    public static TheoryData<string> Cases => [.. CatalogDatabase.Folded.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task What_may_stand_in_migrations_leaves_no_drift(string name) => CatalogDatabase.OnEachAsync(async database =>
    {
        FoldedDrift? drift = await FoldedDatabase.DriftAsync(database, CatalogDatabase.Folded[name]);
        Assert.NotNull(drift);
        Assert.Equal("", FoldedDatabase.Words(drift));
    });

    [Fact]
    public Task Something_of_every_kind_leaves_no_drift() => CatalogDatabase.OnEachAsync(async database =>
    {
        FoldedDrift? drift = await FoldedDatabase.DriftAsync(database, [CatalogDatabase.Everything]);
        Assert.Equal("", FoldedDatabase.Words(drift!));
        Assert.NotEqual(0, drift!.Judged);
    });

    [Fact]
    public Task All_of_the_seeds_tables_and_types_are_judged() => CatalogDatabase.OnEachAsync(async database =>
    {
        FoldedDrift drift = (await FoldedDatabase.DriftAsync(database, s_seed))!;
        Assert.Equal(("", 11, 0), (FoldedDatabase.Words(drift), drift.Judged, drift.Unjudged));
    });

    [Theory]
    [InlineData("CREATE TABLE by_hand (id int)", "table public.by_hand is there, and the history does not make it")]
    [InlineData("DROP TABLE cs_ai_pricing", "table public.cs_ai_pricing is missing: the history makes it")]
    [InlineData("ALTER TABLE sites ADD flag boolean", "column public.sites.flag is there, and the history does not make it")]
    [InlineData("ALTER TABLE sites DROP domain", "column public.sites.domain is missing: the history makes it")]
    [InlineData("ALTER TABLE sites ALTER name TYPE varchar(20)",
        "column public.sites.name: type is character varying(20), the history makes text")]
    [InlineData("ALTER TABLE cs_ai_usage ALTER cost TYPE numeric(12,4)",
        "column public.cs_ai_usage.cost: type is numeric(12,4), the history makes numeric(10,4)")]
    [InlineData("ALTER TABLE sites ALTER \"createdAt\" TYPE timestamptz(3)",
        "column public.sites.createdAt: type is timestamp(3) with time zone, the history makes timestamp(3) without time zone")]
    [InlineData("ALTER TABLE sites ALTER name DROP NOT NULL", "column public.sites.name: it may be null, the history makes it not null")]
    [InlineData("ALTER TABLE sites ALTER domain SET NOT NULL", "column public.sites.domain: it is not null, the history lets it be null")]
    [InlineData("ALTER TABLE sites ALTER currency DROP DEFAULT", "column public.sites.currency: it has no default, the history makes one")]
    [InlineData("ALTER TABLE sites ALTER name SET DEFAULT ''",
        "column public.sites.name: default is ''::text, the history makes none")]
    [InlineData("ALTER TABLE sites ADD no int GENERATED ALWAYS AS IDENTITY",
        "column public.sites.no is there, and the history does not make it")]
    [InlineData("ALTER TABLE sites DROP CONSTRAINT \"sites_companyId_fkey\"",
        "constraint public.sites.sites_companyId_fkey is missing: the history makes it")]
    [InlineData("ALTER TABLE sites ADD CONSTRAINT mine CHECK (name <> '')",
        "constraint public.sites.mine is there, and the history does not make it")]
    [InlineData("ALTER TABLE cs_ai_pricing DROP CONSTRAINT cs_ai_pricing_pkey",
        "constraint public.cs_ai_pricing.cs_ai_pricing_pkey is missing: the history makes it")]
    [InlineData("DROP INDEX \"sites_companyId_slug_key\"", "index public.sites_companyId_slug_key is missing: the history makes it")]
    [InlineData("DROP INDEX \"cs_ai_usage_organizationId_createdAt_idx\"",
        "index public.cs_ai_usage_organizationId_createdAt_idx is missing: the history makes it")]
    [InlineData("CREATE INDEX by_hand ON sites (name)", "index public.by_hand is there, and the history does not make it")]
    [InlineData("DROP INDEX \"sites_companyId_slug_key\"; CREATE INDEX \"sites_companyId_slug_key\" ON sites (slug)",
        "index public.sites_companyId_slug_key: definition is CREATE INDEX \"sites_companyId_slug_key\" ON public.sites USING btree "
        + "(slug), the history makes UNIQUE (companyId, slug)")]
    [InlineData("UPDATE pg_index SET indisvalid = false WHERE indexrelid = '\"sites_companyId_slug_key\"'::regclass",
        "index public.sites_companyId_slug_key: it is INVALID: its build failed")]
    [InlineData("ALTER TYPE \"CSAIUsageType\" ADD VALUE 'FAX'", "enum public.CSAIUsageType: it has 'FAX', which the history does not make")]
    [InlineData("CREATE TYPE by_hand AS ENUM ('a')", "enum public.by_hand is there, and the history does not make it")]
    [InlineData("CREATE VIEW by_hand AS SELECT id FROM sites", "view public.by_hand is there, and the history does not make it")]
    [InlineData("CREATE FUNCTION by_hand() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "function public.by_hand() is there, and the history does not make it")]
    [InlineData("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; "
        + "CREATE TRIGGER by_hand BEFORE INSERT ON sites FOR EACH ROW EXECUTE FUNCTION f()",
        "function public.f() is there, and the history does not make it\n"
        + "trigger public.sites.by_hand is there, and the history does not make it")]
    [InlineData("ALTER TABLE sites RENAME slug TO \"Slug\"", "column public.sites.Slug is there, and the history does not make it\n"
        + "column public.sites.slug is missing: the history makes it\n"
        + "index public.sites_companyId_slug_key: definition is CREATE UNIQUE INDEX \"sites_companyId_slug_key\" ON public.sites USING "
        + "btree (\"companyId\", \"Slug\"), the history makes UNIQUE (companyId, slug)")]
    public Task A_change_by_hand_is_found(string sql, string words) => CatalogDatabase.OnEachAsync(async database =>
    {
        Assert.Equal(words, FoldedDatabase.Words((await FoldedDatabase.DriftAsync(database, s_seed, sql))!));
    });

    /// <summary>What Prisma writes to take a value out of an enum, and to make a relation's table anew.</summary>
    [Theory]
    [InlineData("""
        BEGIN;
        CREATE TYPE "CSAIUsageType_new" AS ENUM ('VOICE_CALL', 'CHAT_SESSION');
        ALTER TABLE "cs_ai_usage" ALTER COLUMN "usageType" TYPE "CSAIUsageType_new" USING ("usageType"::text::"CSAIUsageType_new");
        ALTER TABLE "cs_ai_pricing" ALTER COLUMN "usageType" TYPE "CSAIUsageType_new" USING ("usageType"::text::"CSAIUsageType_new");
        ALTER TYPE "CSAIUsageType" RENAME TO "CSAIUsageType_old";
        ALTER TYPE "CSAIUsageType_new" RENAME TO "CSAIUsageType";
        DROP TYPE "CSAIUsageType_old";
        COMMIT;
        """)]
    [InlineData("""
        CREATE TABLE "_AToB" ("A" TEXT NOT NULL, "B" TEXT NOT NULL);
        CREATE UNIQUE INDEX "_AToB_AB_unique" ON "_AToB"("A", "B");
        CREATE INDEX "_AToB_B_index" ON "_AToB"("B");
        ALTER TABLE "_AToB" ADD CONSTRAINT "_AToB_AB_pkey" PRIMARY KEY ("A", "B");
        DROP INDEX "_AToB_AB_unique";
        ALTER TABLE "_AToB" ADD CONSTRAINT "_AToB_A_fkey" FOREIGN KEY ("A") REFERENCES "sites"("id") ON DELETE CASCADE;
        """)]
    [InlineData("""
        ALTER INDEX "sites_pkey" RENAME TO "sites_pk";
        ALTER INDEX "sites_companyId_slug_key" RENAME TO "slug_key";
        ALTER TABLE "sites" RENAME CONSTRAINT "sites_companyId_fkey" TO "company";
        ALTER TABLE "sites" DROP COLUMN "theme", ADD COLUMN "theme" INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE "sites" RENAME TO "places";
        ALTER TABLE "places" RENAME "name" TO "title";
        """)]
    [InlineData("""
        CREATE TABLE a (id serial PRIMARY KEY, b smallserial UNIQUE, c int CHECK (c > 0) CHECK (c < 9), d char, e char(3)[], f decimal,
            g decimal(5), h float(20), i float, j time(2), k interval, l bit(3), m varchar(9)[], n name, UNIQUE (c, d),
            FOREIGN KEY (c) REFERENCES a, FOREIGN KEY (c) REFERENCES a, CHECK (c > b));
        CREATE INDEX ON a (c); CREATE INDEX ON a (c); CREATE INDEX ON a (lower(e[1]), d DESC) WHERE c > 1;
        ALTER TABLE a DROP CONSTRAINT a_c_check1, ALTER id TYPE bigint, ALTER id DROP DEFAULT, ALTER k SET DEFAULT NULL;
        DROP INDEX a_c_idx1;
        """)]
    public Task What_tools_and_people_write_leaves_no_drift(string sql) => CatalogDatabase.OnEachAsync(async database =>
    {
        FoldedDrift drift = (await FoldedDatabase.DriftAsync(database, [.. s_seed, sql]))!;
        Assert.Equal("", FoldedDatabase.Words(drift));
        Assert.InRange(drift.Judged, 10, 20);
    });

    [Theory]
    [InlineData("DO $$BEGIN ALTER TABLE sites ADD made text; END$$", "", "DROP TABLE cs_ai_pricing",
        "table public.cs_ai_pricing is missing: the history makes it", "1 named by programs that are not read")]
    [InlineData("DO $$BEGIN EXECUTE 'ALTER TABLE ' || 'sites ADD made text'; END$$", "", "DROP TABLE cs_ai_pricing", "",
        "10 because 3 has a program that makes up statements")]
    [InlineData("CREATE FUNCTION make() RETURNS int LANGUAGE plpgsql AS 'BEGIN ALTER TABLE funnels ADD made text; RETURN 1; END'",
        "SELECT make()", "DROP TABLE cs_ai_pricing", "", "11 because 4 has a program that makes up statements")]
    [InlineData("SET search_path TO other, public; ALTER TABLE sites ADD made text", "", "DROP TABLE cs_ai_pricing", "",
        "10 because 3 searches several schemas for its names")]
    [InlineData("ALTER TABLE elsewhere ADD a int", "", "CREATE TABLE by_hand (a int)", "",
        "2 older than the migrations, or made beside them")]
    [InlineData("CREATE TABLE copy (LIKE sites INCLUDING ALL)", "", "", "", "1 made in a way that the text does not tell wholly")]
    [InlineData("CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)", "",
        "CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2)", "", "2 made in a way that the text does not tell wholly")]
    [InlineData("CREATE TABLE p (a int) PARTITION BY LIST (a)", "",
        "CREATE TABLE p_old (a int, b int); CREATE TABLE other (a int); CREATE INDEX sites_ccnew ON sites (name); "
        + "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'sites_ccnew'::regclass", "",
        "2 made in a way that the text does not tell wholly")]
    public Task What_the_text_does_not_tell_is_not_judged_and_counted(
        string migration, string next, string byHand, string words, string reasons) => CatalogDatabase.OnEachAsync(async database =>
    {
        await database.ExecuteAsync("CREATE SCHEMA other");
        await database.RunScriptsAsync(migration.Contains("elsewhere", StringComparison.Ordinal) ? "CREATE TABLE elsewhere ()" : "");
        FoldedDrift drift = (await FoldedDatabase.DriftAsync(database, [.. s_seed, migration, next], byHand))!;
        Assert.Equal(words, FoldedDatabase.Words(drift));
        Assert.Equal(reasons, string.Join('\n', drift.Reasons));
    });
}
