using k8s.Models;

namespace SchemaGate.Api;

internal sealed record SchemaGateStatus
{
    public long? ObservedGeneration { get; init; }

    public string? Verdict { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public ChangelogStatus? Changelog { get; init; }

    public DatabaseStatus? Database { get; init; }

    public MigrationsStatus? Migrations { get; init; }

    public DriftStatus? Drift { get; init; }

    public PlanStatus? Plan { get; init; }

    public RunStatus? Run { get; init; }

    public RehearsalStatus? Rehearsal { get; init; }

    public NotifyStatus? Notify { get; init; }

    public OverrideStatus? Override { get; init; }

    public LoosenedStatus? Loosened { get; init; }

    public IReadOnlyList<ReleaseStatus>? Released { get; init; }

    public HeldStatus? Held { get; init; }

    public IReadOnlyList<AskedStatus>? Asked { get; init; }

    public IReadOnlyList<V1Condition>? Conditions { get; init; }
}

internal sealed record ChangelogStatus
{
    public string? Digest { get; init; }

    public string? Image { get; init; }

    public int? Entries { get; init; }

    public int? Pending { get; init; }

    public DateTime? ResolvedAt { get; init; }
}

internal sealed record DatabaseStatus
{
    /// <summary>
    /// The identity while spec or Secret name another database than the one last read, and that one has not answered: it equals none.
    /// </summary>
    public const string Unread = "unread";

    public string? Source { get; init; }

    /// <summary>What tells its URL from another one, and says nothing else of it.</summary>
    public string? Fingerprint { get; init; }

    public string? Identity { get; init; }

    public bool? Standby { get; init; }

    public string? Tool { get; init; }
}

internal sealed record MigrationsStatus
{
    public int? Required { get; init; }

    public int? Applied { get; init; }

    public string? Progress { get; init; }

    public IReadOnlyList<string>? Pending { get; init; }

    public IReadOnlyList<string>? Failed { get; init; }

    public IReadOnlyList<string>? Edited { get; init; }

    public IReadOnlyList<string>? Unknown { get; init; }

    public string? Through { get; init; }
}

internal sealed record DriftStatus
{
    public DateTime? CheckedAt { get; init; }

    public int? Differences { get; init; }

    public IReadOnlyList<string>? First { get; init; }

    public int? Judged { get; init; }

    public int? Unjudged { get; init; }

    public IReadOnlyList<string>? UnjudgedFor { get; init; }

    public string? Basis { get; init; }
}

internal sealed record PlanStatus
{
    public string? Hash { get; init; }

    public string? Risk { get; init; }

    public int? Findings { get; init; }

    public ApprovalStatus? Approval { get; init; }

    public IReadOnlyList<PlannedMigrationStatus>? Migrations { get; init; }
}

internal sealed record PlannedMigrationStatus
{
    public string? Name { get; init; }

    public string? Risk { get; init; }

    public string? Message { get; init; }
}

internal sealed record ReleaseStatus
{
    public string? Requirement { get; init; }

    public string? Digest { get; init; }

    public string? Through { get; init; }

    public string? Identity { get; init; }

    public DateTime? At { get; init; }

    public string? Reason { get; init; }

    public string? Scope { get; init; }
}

internal sealed record HeldStatus
{
    public int? Workloads { get; init; }

    public int? Pods { get; init; }

    public IReadOnlyList<string>? Objects { get; init; }
}

internal sealed record AskedStatus
{
    public string? Requires { get; init; }

    public string? By { get; init; }

    public DateTime? At { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }
}
