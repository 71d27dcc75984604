namespace SchemaGate.Core.Gates.Drifting;

/// <summary>What is known of a schema beside what its applied migrations build.</summary>
/// <param name="Record">The last comparison; null where there is none of what would be compared now.</param>
/// <param name="Unread">Why there is none as it should be; null where there is.</param>
public sealed record DriftEvidence(DriftRecord? Record, DriftUnread? Unread = null)
{
    /// <param name="read">What was read; unreachable for the reason NotRead where it is not known yet.</param>
    /// <param name="step">What was asked. What was found the last time stands until something else is found.</param>
    public static DriftEvidence Of(Evidence<DriftRecord> read, DriftStep.Compare step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return read switch
        {
            Evidence<DriftRecord>.Found { Value: var record } => new(record),
            Evidence<DriftRecord>.Unreachable { Reason: Reasons.NotRead } when step.Last is { } last => new(last),
            Evidence<DriftRecord>.Unreachable { Message: var message } => new(step.Last, new(message, Passes: true)),
            Evidence<DriftRecord>.Missing { Message: var message } => new(step.Last, new(message, Passes: false)),
            _ => throw new ArgumentOutOfRangeException(nameof(read)),
        };
    }
}

/// <summary>Why a schema is not compared.</summary>
/// <param name="Message">
/// A sentence or two; null where nobody was asked: what it rests on is not known, and something else says why.
/// </param>
/// <param name="Passes">Whether waiting may end it: an outage leaves a gate open that was.</param>
public sealed record DriftUnread(string? Message, bool Passes)
{
    /// <summary>Whether it is that the database is ahead of the image: another policy is asked about that.</summary>
    public bool IsAhead { get; init; }

    /// <summary>What it rests on is not known.</summary>
    public static DriftUnread Waits { get; } = new(null, Passes: true);
}
