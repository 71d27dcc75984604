using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Rehearsals;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Postgres.Tracing;

/// <summary>What is to be rehearsed.</summary>
/// <param name="Set">All migrations that are wanted, in their order.</param>
/// <param name="Applied">The names of those that the database has; the others are pending.</param>
public sealed record RehearsalPlan(MigrationSet Set, IReadOnlySet<string> Applied)
{
    /// <summary>
    /// The live database, which is only read: the sizes of tables, and its catalog where the scratch database is like it; null where there
    /// is none.
    /// </summary>
    public DatabaseUrl? Live { get; init; }

    /// <summary>The scratch database is made of the live one's catalog; else of what the applied migrations build.</summary>
    public bool IsLikeLive { get; init; }

    /// <summary>The schema of names without one.</summary>
    public string Schema { get; init; } = "public";

    /// <summary>The way back of each pending migration, by its name; null where none is to be tried.</summary>
    public IReadOnlyDictionary<string, RollbackText>? Rollbacks { get; init; }

    public IReadOnlyList<Migration> Pending { get; } = [.. Set.Migrations.Where(migration => !Applied.Contains(migration.Name))];

    /// <summary>What the database has, and the first of what is pending.</summary>
    internal MigrationSet Behind(int pending)
    {
        HashSet<string> wanted = [.. Pending.Take(pending).Select(migration => migration.Name), .. Applied];
        return new([.. Set.Migrations.Where(migration => wanted.Contains(migration.Name))], [])
        {
            Tool = MigrationTool.Prisma,
            IsWhole = Set.IsWhole,
        };
    }
}

/// <summary>What a rehearsal is at.</summary>
/// <param name="Migration">Null while the database is made that all begin in.</param>
/// <param name="IsRollback">Its way back.</param>
public sealed record RehearsalStep(string? Migration, bool IsRollback);
