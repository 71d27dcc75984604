namespace SchemaGate.Api;

/// <summary>What the gate's receiver was told and is owed.</summary>
internal sealed record NotifyStatus
{
    public IReadOnlyList<NoticeStatus>? Told { get; init; }

    public DateTime? ToldAt { get; init; }

    public NoticeStatus? Owed { get; init; }

    public int? Attempts { get; init; }

    public DateTime? NextAttemptAt { get; init; }

    public NotifyErrorStatus? Error { get; init; }

    public string? Receiver { get; init; }
}

internal sealed record NoticeStatus
{
    public string? Id { get; init; }

    public string? Image { get; init; }

    public string? Digest { get; init; }

    public string? Identity { get; init; }

    public string? Through { get; init; }

    public DateTime? At { get; init; }

    /// <summary>With fractions of a second, as the database's clock has them: what is newer is told.</summary>
    public string? AppliedThrough { get; init; }

    public IReadOnlyList<AppliedMigrationStatus>? Migrations { get; init; }

    public int? Count { get; init; }
}

internal sealed record AppliedMigrationStatus
{
    public string? Name { get; init; }

    public string? At { get; init; }
}

internal sealed record NotifyErrorStatus
{
    public string? Message { get; init; }

    public bool? Final { get; init; }
}
