namespace SchemaGate.Postgres.Resolving;

/// <summary>What a person knows of a database and its history does not say.</summary>
public abstract record ResolveAction
{
    private ResolveAction()
    {
    }

    /// <summary>What these migrations do is in the database, whoever did it (<c>prisma migrate resolve --applied</c>).</summary>
    public sealed record MarkApplied(IReadOnlyList<string> Migrations) : ResolveAction;

    /// <summary>Nothing is left of these failed migrations: they may run again (<c>prisma migrate resolve --rolled-back</c>).</summary>
    public sealed record MarkRolledBack(IReadOnlyList<string> Migrations) : ResolveAction;

    /// <summary>
    /// The schema's tables are what the set's migrations build, up to <paramref name="Through"/> or all of them (Prisma's P3005).
    /// </summary>
    public sealed record Baseline(string? Through) : ResolveAction;

    /// <summary>These applied migrations' files were edited, and that is right. Prisma has no such command.</summary>
    public sealed record AcceptChecksum(IReadOnlyList<string> Migrations) : ResolveAction;
}
