namespace SchemaGate.Api;

internal sealed record RehearsalStatus
{
    public string? Job { get; init; }

    public string? Plan { get; init; }

    public int? Attempt { get; init; }

    public int? Failures { get; init; }

    public DateTime? StartedAt { get; init; }

    public DateTime? FinishedAt { get; init; }

    public string? Result { get; init; }

    /// <summary>Why it failed, or why nothing could be rehearsed.</summary>
    public RunErrorStatus? Error { get; init; }

    public int? Rehearsed { get; init; }

    public IReadOnlyList<RehearsedMigrationStatus>? Migrations { get; init; }

    public IReadOnlyList<RehearsedRollbackStatus>? Rollbacks { get; init; }

    public RehearsedStatementsStatus? Statements { get; init; }

    public DateTime? NextAttemptAt { get; init; }

    public string? Retry { get; init; }

    public string? Settings { get; init; }
}

internal sealed record RehearsedMigrationStatus
{
    public string? Name { get; init; }

    public long? Milliseconds { get; init; }

    public string? Lock { get; init; }

    public string? Relation { get; init; }

    public int? Rewrites { get; init; }
}

internal sealed record RehearsedRollbackStatus
{
    public string? Migration { get; init; }

    public string? Result { get; init; }

    public string? Note { get; init; }
}

internal sealed record RehearsedStatementsStatus
{
    public int? Proven { get; init; }

    public int? Broken { get; init; }

    public int? ResultChanged { get; init; }

    public int? Unproven { get; init; }

    public IReadOnlyList<BrokenStatementStatus>? First { get; init; }

    public IReadOnlyList<string>? BrokenBy { get; init; }

    public string? Unavailable { get; init; }
}

internal sealed record BrokenStatementStatus
{
    public string? Text { get; init; }

    public long? Calls { get; init; }

    public string? Migration { get; init; }

    public int? Line { get; init; }

    public string? SqlState { get; init; }

    public string? Message { get; init; }
}
