using System.Globalization;
using System.Text;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Benchmarks.Applying;

/// <summary>
/// A checkout with so many migrations of two statements, and a script for psql that runs and records them as <c>schemagate migrate</c>
/// does.
/// </summary>
internal sealed class SmallMigrations : IDisposable
{
    public SmallMigrations(int count)
    {
        Count = count;
        Script = Path.Combine(Root, "psql.sql");
        StringBuilder document = new("# Database Schema Changelog\n\n## Pending\n\n## Migrated\n\n## Deployed\n");
        StringBuilder script = new(Begin);
        for (int index = 0; index < count; index++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{20250101000000 + index}_table");
            string table = string.Create(CultureInfo.InvariantCulture, $"table_{index}");
            string[] statements = [$"CREATE TABLE {table} (id int PRIMARY KEY, "
                + "name text NOT NULL)", $"CREATE INDEX {table}_name ON {table} (name)"];
            string sql = string.Join(";\n", statements) + ";\n";
            Directory.CreateDirectory(Path.Combine(Root, "prisma/migrations", name));
            File.WriteAllText(Path.Combine(Root, "prisma/migrations", name, "migration.sql"), sql);
            document.Append(CultureInfo.InvariantCulture, $"\n### {name}\n- **Status:** `DEPLOYED`\n- **Description:** A table.\n- **Risk "
                + $"Level:** Safe\n- **Rollback:** DROP TABLE {table}\n");
            script.Append(One(name, sql));
        }

        Directory.CreateDirectory(Path.Combine(Root, "docs"));
        File.WriteAllText(Path.Combine(Root, "docs/DATABASE_SCHEMA_CHANGELOG.md"), document.ToString());
        File.WriteAllText(Script, script.ToString());
    }

    public int Count { get; }

    public string Root { get; } = Directory.CreateTempSubdirectory("schemagate-benchmark-").FullName;

    public string Script { get; }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private const string Begin = """
        SELECT pg_try_advisory_lock(72707369);
        CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
            migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
            applied_steps_count INTEGER NOT NULL DEFAULT 0);

        """;

    private static string One(string name, string sql)
    {
        Guid id = Guid.NewGuid();
        return $"""
            INSERT INTO _prisma_migrations (id, checksum, started_at, migration_name)
              VALUES ('{id}', '{MigrationChecksum.Of(sql).Value}', clock_timestamp(), '{name}');
            DISCARD ALL;
            BEGIN;
            {sql}
            SET SESSION AUTHORIZATION DEFAULT;
            UPDATE _prisma_migrations SET applied_steps_count = applied_steps_count + 1, finished_at = clock_timestamp() WHERE id = '{id}';
            COMMIT;

            """;
    }
}
