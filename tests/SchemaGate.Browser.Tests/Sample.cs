using System.Text;
using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Pages;
using SchemaGate.Evidence;
using SchemaGate.Pages;

namespace SchemaGate.Browser.Tests;

/// <summary>Pages as people see them: read, judged and put together by the product's own code.</summary>
internal static class Sample
{
    private const string Baseline = "00000000000000_init_baseline";
    private const string Sites = "20241224000000_add_sites_model";
    private const string Usage = "20241224100000_add_cs_ai_usage_tables";
    private const string Legacy = "20250102090000_drop_legacy_columns";
    private const string Stray = "20250110120000_index_orders";

    private static readonly DateTimeOffset s_now = new(2025, 1, 12, 9, 30, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, string> s_migrations = new(StringComparer.Ordinal)
    {
        [Baseline] = """
            -- The schema as it was.
            CREATE TABLE companies (id int PRIMARY KEY, name text NOT NULL);
            CREATE TABLE orders (id bigint PRIMARY KEY, company_id int, legacy_code text, total numeric);
            """,
        [Sites] = """
            CREATE TABLE "sites" (
                "id" TEXT NOT NULL,
                "companyId" int NOT NULL,
                CONSTRAINT "sites_pkey" PRIMARY KEY ("id")
            );

            -- AddForeignKey
            ALTER TABLE "sites" ADD CONSTRAINT "sites_companyId_fkey" FOREIGN KEY ("companyId") REFERENCES "companies"("id");
            """,
        [Usage] = """
            CREATE TYPE "CSAIUsageType" AS ENUM ('VOICE_CALL', 'CHAT_SESSION');
            CREATE TABLE "cs_ai_usage" ("id" TEXT PRIMARY KEY, "type" "CSAIUsageType" NOT NULL);
            """,
        [Legacy] = """
            -- Nobody reads it any more.
            ALTER TABLE orders DROP COLUMN legacy_code;

            ALTER TABLE orders ALTER COLUMN total TYPE bigint;

            UPDATE companies SET name = upper(name);
            """,
        [Stray] = "CREATE INDEX orders_company_id_idx ON orders (company_id);\n",
    };

    /// <summary>A gate that is closed, with two databases and one that does not answer.</summary>
    public static string Shop { get; } = PageDocument.Of(ShopPage());

    public static string Overview { get; } = PageDocument.Of(new GatesPage(
        [
            Gate("shop/shop", "Blocked", "MigrationsPending", "1 of 5 migrations is not applied: " + Legacy + "."),
            Gate("shop/billing", "Open", "Satisfied", "All 31 required migrations are applied.") with { HeldCount = (0, 0) },
            Gate("tools/search", "Migrating", "Migrating", "The Job search-migrate-9f2 applies 2 migrations."),
        ],
        s_now));

    /// <summary>The page of a document, with as many databases as nobody asked.</summary>
    public static string Of(string document, IReadOnlyDictionary<string, string>? migrations = null) =>
        PageDocument.Of(GatePages.Of("hostile", Read(document, migrations ?? s_migrations), null, [], s_now));

    private static ChangelogPage ShopPage()
    {
        string seed = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "seed.md"));
        string document = seed
            .Replace("_None currently_", """
                ### add_coupons
                - **Status:** `PENDING`
                - **Date Added:** January 11, 2025
                - **Description:** Coupons that a shop hands out, with a **limit** per customer ([discussion](https://example.com/42))
                - **Risk Level:** Medium
                """, StringComparison.Ordinal)
            .Replace("## Migrated (Ready for Deployment)", $"""
                ## Migrated (Ready for Deployment)

                ### {Legacy}
                - **Status:** `MIGRATED`
                - **Date Added:** January 2, 2025
                - **Date Migrated:** January 2, 2025
                - **Description:** `legacy_code` goes; totals are whole cents from now on
                - **Risk Level:** Low
                - **Rollback:** Restore the column from the backup of the night before
                """, StringComparison.Ordinal);
        ChangelogEvidence files = Read(document, s_migrations);
        return GatePages.Of("shop", files, null, [Production(), Staging(), Review()], s_now) with
        {
            Source = "registry.example.com/shop/schema:1.42.0@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            Gate = Gate("shop/shop", "Blocked", "MigrationsPending", $"1 of 5 migrations is not applied: {Legacy}."),
            Overview = "/gates",
        };
    }

    private static PageDatabase Production() => new("production", "7301554271/shop/public", null, Facts(
        (Baseline, new(AppliedState.Applied, s_now.AddDays(-40))), (Sites, new(AppliedState.Applied, s_now.AddDays(-19))),
        (Usage, new(AppliedState.Edited, s_now.AddDays(-19))), (Legacy, new(AppliedState.NotApplied)),
        (Stray, new(AppliedState.Applied, s_now.AddDays(-2)))));

    private static PageDatabase Staging() => new("staging", "7301554999/shop/public", null, Facts(
        (Baseline, new(AppliedState.Applied, s_now.AddDays(-50))), (Sites, new(AppliedState.Applied, s_now.AddDays(-20))),
        (Usage, new(AppliedState.Applied, s_now.AddDays(-20))), (Legacy, new(AppliedState.Unfinished, s_now.AddHours(-1))),
        (Stray, new(AppliedState.RolledBack, s_now.AddDays(-3)))));

    private static PageDatabase Review() => new("review", null, "db.review.example.com:5432 does not answer.", Facts());

    private static Dictionary<string, AppliedFact> Facts(params (string Name, AppliedFact Fact)[] facts) =>
        facts.ToDictionary(fact => fact.Name, fact => fact.Fact, StringComparer.Ordinal);

    private static PageGate Gate(string name, string verdict, string reason, string message) => new(
        name, verdict, reason, message,
        [
            new("ChangelogResolved", "True", "Resolved", "The document has 5 entries."),
            new("MigrationsApplied", verdict == "Open" ? "True" : "False", reason, message),
            new("DatabaseReachable", "Unknown", "StillReading", "It has not answered yet."),
        ],
        ["deployment/shop", "statefulset/shop-worker", "job/report-28934"])
    {
        HeldCount = (2, 1),
        Progress = verdict == "Open" ? "31/31" : "4/5",
        PlannedRisk = verdict == "Open" ? null : "High",
    };

    private static ChangelogEvidence Read(string document, IReadOnlyDictionary<string, string> migrations)
    {
        Dictionary<string, ReadOnlyMemory<byte>> files = migrations.ToDictionary(
            migration => $"prisma/migrations/{migration.Key}/migration.sql",
            migration => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(migration.Value)), StringComparer.Ordinal);
        files["CHANGELOG.md"] = Encoding.UTF8.GetBytes(document);
        Evidence<ChangelogEvidence> read = new ChangelogFiles("CHANGELOG.md", "prisma/migrations").Read(files, "shop", digest: null);
        Task<Evidence<ChangelogEvidence>> judged = RiskEvidence.JudgedAsync(read, 15, TimeProvider.System, CancellationToken.None);
        return ((Evidence<ChangelogEvidence>.Found)judged.GetAwaiter().GetResult()).Value;
    }
}
