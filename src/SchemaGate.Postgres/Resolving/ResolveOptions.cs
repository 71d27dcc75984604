using SchemaGate.Postgres.Applying;

namespace SchemaGate.Postgres.Resolving;

/// <summary>How the history is corrected.</summary>
public sealed record ResolveOptions
{
    public static ResolveOptions Default { get; } = new();

    /// <summary>How long to wait for a run, Prisma's or ours, to let go of the migration lock.</summary>
    public TimeSpan LockTimeout { get; init; } = ApplyOptions.Default.LockTimeout;

    /// <summary>Say what would change, and write nothing.</summary>
    public bool IsDryRun { get; init; }
}
