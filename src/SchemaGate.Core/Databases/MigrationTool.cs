namespace SchemaGate.Core.Databases;

/// <summary>The tools whose history can be read, by the names that <c>spec.database.tool</c> and <c>--tool</c> take.</summary>
public enum MigrationTool
{
    Prisma,
    Flyway,
    Liquibase,
    EfCore,
    GolangMigrate,
    Goose,
    Dbmate,
    Rails,
    Alembic,
    Django,
    Atlas,
    Drizzle,
    Knex,
    NodePgMigrate,
    Sqlx,
}
