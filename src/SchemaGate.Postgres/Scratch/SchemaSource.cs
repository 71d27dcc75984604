using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Postgres.Scratch;

/// <summary>Where a schema comes from.</summary>
public abstract record SchemaSource
{
    private SchemaSource()
    {
    }

    /// <summary>A database as it is; it is only read.</summary>
    public sealed record OfDatabase(DatabaseUrl Url) : SchemaSource;

    /// <summary>What these migrations build, all of them, in their order.</summary>
    public sealed record OfMigrations(MigrationSet Set) : SchemaSource;

    /// <summary>What a file of SQL builds, such as <c>pg_dump --schema-only</c> writes it.</summary>
    /// <param name="Name">The file's, for sentences.</param>
    public sealed record OfScript(string Name, string Sql) : SchemaSource;

    /// <summary>Nothing.</summary>
    public sealed record Empty : SchemaSource;
}
