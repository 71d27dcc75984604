namespace SchemaGate.Api;

internal sealed record RunStatus
{
    public string? Job { get; init; }

    public string? Plan { get; init; }

    public string? Scope { get; init; }

    public int? Attempt { get; init; }

    public int? Failures { get; init; }

    public DateTime? StartedAt { get; init; }

    public DateTime? FinishedAt { get; init; }

    public string? Result { get; init; }

    public RunErrorStatus? Error { get; init; }

    public DateTime? NextAttemptAt { get; init; }

    public string? History { get; init; }

    public string? Retry { get; init; }

    public string? Image { get; init; }

    public string? Settings { get; init; }
}

internal sealed record RunErrorStatus
{
    public string? Class { get; init; }

    public string? Kind { get; init; }

    public string? Message { get; init; }

    public string? Migration { get; init; }

    public string? File { get; init; }

    public int? Line { get; init; }

    public string? Statement { get; init; }

    public string? SqlState { get; init; }

    public string? Hint { get; init; }

    public bool? RolledBack { get; init; }

    public IReadOnlyList<string>? Next { get; init; }
}

internal sealed record ApprovalStatus
{
    public string? By { get; init; }

    public DateTime? At { get; init; }
}

internal sealed record LoosenedStatus
{
    public string? What { get; init; }

    public string? By { get; init; }

    public DateTime? At { get; init; }
}

internal sealed record OverrideStatus
{
    public string? Requires { get; init; }

    public string? Reason { get; init; }

    public string? By { get; init; }

    public DateTime? At { get; init; }

    public DateTime? Until { get; init; }
}
