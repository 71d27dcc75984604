using System.Collections.Frozen;
using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations;

/// <summary>A tool in words: what people call it and what they type.</summary>
/// <param name="Name">The tool's own spelling.</param>
/// <param name="Table">Its history table, as it is named by default.</param>
/// <param name="Apply">The command that applies what is pending.</param>
/// <param name="AfterFailure">What to do once a failed migration has been looked at, without a full stop. Tools that leave no trace of a
/// failure never need it.</param>
/// <param name="AfterCrash">The command that lifts a lock which a dead run left behind; null where the lock ends with its session.</param>
public sealed record ToolGuide(string Name, string Table, string Apply, string AfterFailure, string? AfterCrash = null)
{
    /// <summary>The command that lets it begin on a schema with tables; null where it begins on any.</summary>
    public string? Baseline { get; private init; }

    /// <summary>The command by which its history takes an edited file's checksum; null where it has none.</summary>
    public string? AcceptEdit { get; private init; }

    private const string Again = "mend it and run the tool again";

    private static readonly FrozenDictionary<MigrationTool, ToolGuide> s_guides = new Dictionary<MigrationTool, ToolGuide>
    {
        [MigrationTool.Prisma] = new("Prisma", "_prisma_migrations", "npx prisma migrate deploy", "`npx prisma migrate resolve`")
        {
            Baseline = "schemagate resolve --baseline",
            AcceptEdit = "schemagate resolve --accept-checksum <migration>",
        },
        [MigrationTool.Flyway] = new("Flyway", "flyway_schema_history", "flyway migrate", "take back by hand what it did, "
            + "run `flyway repair`, then `flyway migrate`")
        {
            Baseline = "flyway baseline -baselineVersion=<version that the tables are at>",
            AcceptEdit = "flyway repair",
        },
        [MigrationTool.Liquibase] = new("Liquibase", "databasechangelog", "liquibase update", Again, "liquibase release-locks"),
        [MigrationTool.EfCore] = new("EF Core", "__EFMigrationsHistory", "dotnet ef database update", Again),
        [MigrationTool.GolangMigrate] = new(
            "golang-migrate", "schema_migrations", "migrate up", "take back by hand what it did, "
                + "run `migrate force <the version before it>`, then `migrate up`"),
        [MigrationTool.Goose] = new("goose", "goose_db_version", "goose up", Again),
        [MigrationTool.Dbmate] = new("dbmate", "schema_migrations", "dbmate migrate", Again),
        [MigrationTool.Rails] = new("Rails", "schema_migrations", "bin/rails db:migrate", Again),
        [MigrationTool.Alembic] = new("Alembic", "alembic_version", "alembic upgrade head", Again),
        [MigrationTool.Django] = new("Django", "django_migrations", "python manage.py migrate", Again),
        [MigrationTool.Atlas] = new(
            "Atlas", "atlas_schema_revisions", "atlas migrate apply", "mend the file and run `atlas migrate apply`, "
                + "which goes on after the last statement that ran, or record it with `atlas migrate set <version>`"),
        [MigrationTool.Drizzle] = new("Drizzle", "__drizzle_migrations", "npx drizzle-kit migrate", Again),
        [MigrationTool.Knex] = new("Knex", "knex_migrations", "npx knex migrate:latest", Again, "npx knex migrate:unlock"),
        [MigrationTool.NodePgMigrate] = new("node-pg-migrate", "pgmigrations", "npx node-pg-migrate up", Again),
        [MigrationTool.Sqlx] = new(
            "sqlx", "_sqlx_migrations", "sqlx migrate run", "take back by hand what it did, delete its row from _sqlx_migrations, "
                + "then run `sqlx migrate run`"),
    }.ToFrozenDictionary();

    public static ToolGuide Of(MigrationTool tool) => s_guides[tool];
}
