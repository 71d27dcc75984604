using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Tests.Risk;

/// <summary>
/// The two migrations of the seed changelog, as Prisma writes them. The document says Low of both, and so does the judgement of the one
/// that makes tables; the other gives two tables that exist a foreign key, for which they are read under the lock of ADD COLUMN.
/// </summary>
public sealed class SeedMigrationTests
{
    internal const string Baseline = """
        CREATE TABLE "companies" ("id" TEXT NOT NULL, CONSTRAINT "companies_pkey" PRIMARY KEY ("id"));
        CREATE TABLE "organizations" ("id" TEXT NOT NULL, CONSTRAINT "organizations_pkey" PRIMARY KEY ("id"));
        CREATE TABLE "landing_pages" ("id" TEXT NOT NULL, CONSTRAINT "landing_pages_pkey" PRIMARY KEY ("id"));
        CREATE TABLE "funnels" ("id" TEXT NOT NULL, CONSTRAINT "funnels_pkey" PRIMARY KEY ("id"));
        CREATE TABLE "cs_sessions" ("id" TEXT NOT NULL, CONSTRAINT "cs_sessions_pkey" PRIMARY KEY ("id"));
        CREATE TABLE "voice_calls" ("id" TEXT NOT NULL, CONSTRAINT "voice_calls_pkey" PRIMARY KEY ("id"));
        """;

    internal const string Sites = """
        -- CreateTable
        CREATE TABLE "sites" (
            "id" TEXT NOT NULL,
            "companyId" TEXT NOT NULL,
            "name" TEXT NOT NULL,
            "slug" TEXT NOT NULL,
            "description" TEXT,
            "domain" TEXT,
            "subdomain" TEXT,
            "logoUrl" TEXT,
            "faviconUrl" TEXT,
            "primaryColor" TEXT,
            "secondaryColor" TEXT,
            "fontFamily" TEXT,
            "theme" JSONB,
            "settings" JSONB,
            "metaTitle" TEXT,
            "metaDescription" TEXT,
            "ogImageUrl" TEXT,
            "currency" TEXT NOT NULL DEFAULT 'USD',
            "locale" TEXT NOT NULL DEFAULT 'en',
            "timezone" TEXT NOT NULL DEFAULT 'UTC',
            "contactEmail" TEXT,
            "contactPhone" TEXT,
            "isDefault" BOOLEAN NOT NULL DEFAULT false,
            "isActive" BOOLEAN NOT NULL DEFAULT true,
            "publishedAt" TIMESTAMP(3),
            "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
            "updatedAt" TIMESTAMP(3) NOT NULL,

            CONSTRAINT "sites_pkey" PRIMARY KEY ("id")
        );

        -- AlterTable
        ALTER TABLE "landing_pages" ADD COLUMN "siteId" TEXT;

        -- AlterTable
        ALTER TABLE "funnels" ADD COLUMN "siteId" TEXT;

        -- CreateIndex
        CREATE UNIQUE INDEX "sites_companyId_slug_key" ON "sites"("companyId", "slug");

        -- AddForeignKey
        ALTER TABLE "sites" ADD CONSTRAINT "sites_companyId_fkey"
          FOREIGN KEY ("companyId") REFERENCES "companies"("id") ON DELETE CASCADE ON UPDATE CASCADE;

        -- AddForeignKey
        ALTER TABLE "landing_pages" ADD CONSTRAINT "landing_pages_siteId_fkey"
          FOREIGN KEY ("siteId") REFERENCES "sites"("id") ON DELETE SET NULL ON UPDATE CASCADE;

        -- AddForeignKey
        ALTER TABLE "funnels" ADD CONSTRAINT "funnels_siteId_fkey"
          FOREIGN KEY ("siteId") REFERENCES "sites"("id") ON DELETE SET NULL ON UPDATE CASCADE;
        """;

    internal const string Usage = """
        -- CreateEnum
        CREATE TYPE "CSAIUsageType" AS ENUM ('VOICE_CALL', 'CHAT_SESSION', 'EMAIL_SUPPORT', 'SMS_SUPPORT');

        -- CreateTable
        CREATE TABLE "cs_ai_usage" (
            "id" TEXT NOT NULL,
            "organizationId" TEXT NOT NULL,
            "usageType" "CSAIUsageType" NOT NULL,
            "sessionId" TEXT,
            "voiceCallId" TEXT,
            "durationSeconds" INTEGER,
            "cost" DECIMAL(10,4) NOT NULL,
            "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

            CONSTRAINT "cs_ai_usage_pkey" PRIMARY KEY ("id")
        );

        -- CreateTable
        CREATE TABLE "cs_ai_pricing" (
            "id" TEXT NOT NULL,
            "organizationId" TEXT NOT NULL,
            "usageType" "CSAIUsageType" NOT NULL,
            "unitPrice" DECIMAL(10,4) NOT NULL,

            CONSTRAINT "cs_ai_pricing_pkey" PRIMARY KEY ("id")
        );

        -- CreateTable
        CREATE TABLE "cs_ai_usage_summary" (
            "id" TEXT NOT NULL,
            "organizationId" TEXT NOT NULL,
            "periodStart" TIMESTAMP(3) NOT NULL,
            "periodEnd" TIMESTAMP(3) NOT NULL,
            "totalCost" DECIMAL(12,4) NOT NULL DEFAULT 0,

            CONSTRAINT "cs_ai_usage_summary_pkey" PRIMARY KEY ("id")
        );

        -- CreateIndex
        CREATE INDEX "cs_ai_usage_organizationId_createdAt_idx" ON "cs_ai_usage"("organizationId", "createdAt");

        -- AddForeignKey
        ALTER TABLE "cs_ai_usage" ADD CONSTRAINT "cs_ai_usage_organizationId_fkey"
          FOREIGN KEY ("organizationId") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

        -- AddForeignKey
        ALTER TABLE "cs_ai_usage" ADD CONSTRAINT "cs_ai_usage_sessionId_fkey"
          FOREIGN KEY ("sessionId") REFERENCES "cs_sessions"("id") ON DELETE SET NULL ON UPDATE CASCADE;

        -- AddForeignKey
        ALTER TABLE "cs_ai_usage" ADD CONSTRAINT "cs_ai_usage_voiceCallId_fkey"
          FOREIGN KEY ("voiceCallId") REFERENCES "voice_calls"("id") ON DELETE SET NULL ON UPDATE CASCADE;

        -- AddForeignKey
        ALTER TABLE "cs_ai_pricing" ADD CONSTRAINT "cs_ai_pricing_organizationId_fkey"
          FOREIGN KEY ("organizationId") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

        -- AddForeignKey
        ALTER TABLE "cs_ai_usage_summary" ADD CONSTRAINT "cs_ai_usage_summary_organizationId_fkey"
          FOREIGN KEY ("organizationId") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
        """;

    [Theory]
    [InlineData(Sites, RiskLevel.Medium, "add-fk-validated statement-after-access-exclusive")]
    [InlineData(Usage, RiskLevel.Low, "")]
    public void The_seeds_migrations_are_safe_for_code_and_data(string sql, RiskLevel level, string rules)
    {
        MigrationRisk risk = Judged.Last(Baseline, sql);
        Assert.Equal((Compatibility.Safe, level, true), (risk.Level, risk.LeastLevel, risk.InOneTransaction));
        IEnumerable<string> found = risk.Findings.Where(finding => finding.IsRisk).Select(finding => finding.Rule);
        Assert.Equal(rules, string.Join(' ', found.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData(Sites, RiskLevel.Medium)]
    [InlineData(Usage, RiskLevel.Low)]
    public void They_are_the_same_without_the_baseline(string sql, RiskLevel level) =>
        Assert.Equal(level, Judged.Last(sql).LeastLevel);

    [Fact]
    public void The_parents_of_foreign_keys_are_locked_against_writes() => Assert.Equal(
        "cs_sessions organizations voice_calls",
        string.Join(' ', Judged.Last(Baseline, Usage).Locks.Where(hazard => hazard is { Mode: LockMode.ShareRowExclusive, IsOther: true })
            .Select(hazard => hazard.Table.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)));

    [Fact]
    public void The_tables_that_get_a_column_are_locked_for_a_moment() => Assert.Equal(
        "landing_pages funnels",
        string.Join(' ', Judged.Last(Baseline, Sites).Locks.Where(hazard => hazard.Mode == LockMode.AccessExclusive)
            .Select(hazard => hazard.Table.Name)));

    [Fact]
    public void A_dropped_column_among_them_is_caught() => Assert.Equal(
        RiskLevel.High, Judged.Last(Baseline, Sites + "\nALTER TABLE \"funnels\" DROP COLUMN \"id\";").LeastLevel);
}
