namespace SchemaGate.Core.Gates.Notifying;

/// <summary>
/// What a gate's receiver was told, and what it is owed, as status keeps it: a restart forgets nothing, and repeats at most what was
/// sent and not yet written down.
/// </summary>
public sealed record NotifyRecord
{
    /// <summary>How many sets are remembered: a gate that goes back to one of them is not told anew.</summary>
    public const int MostTold = 10;

    public static NotifyRecord Nothing { get; } = new();

    /// <summary>Newest first. Which of its migrations were fresh is not remembered.</summary>
    public IReadOnlyList<Notice> Told { get; init; } = [];

    /// <summary>When the newest of them was taken.</summary>
    public DateTimeOffset? ToldAt { get; init; }

    /// <summary>What has not been taken yet; null where nothing is owed.</summary>
    public Notice? Owed { get; init; }

    /// <summary>How often that was sent, since it last was given up.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is sent again; null for at once, or not at all.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Why the last attempt failed; null where none has.</summary>
    public NotifyFailure? Failure { get; init; }

    /// <summary>Tells the receiver of the last attempt, and its keys, from others, and says nothing else of them; null where it could not
    /// be read.</summary>
    public string? Receiver { get; init; }

    /// <summary>Whether it is time to send what is owed.</summary>
    public bool IsDue(DateTimeOffset now) => Owed is not null && Failure is not { IsFinal: true } && !(NextAttemptAt > now);
}

/// <param name="IsFinal">Whether only another receiver, other keys or a person's word end it.</param>
/// <param name="Message">A sentence that holds nothing of a Secret.</param>
public sealed record NotifyFailure(bool IsFinal, string Message);

/// <summary>What became of one attempt.</summary>
public enum NotifyResult
{
    Told,

    /// <summary>It may pass: it is tried again.</summary>
    Failed,

    /// <summary>No waiting ends it.</summary>
    Refused,

    /// <summary>Nothing was sent: a Secret is missing, or what it holds is of no use.</summary>
    Unready,
}

/// <summary>One attempt's end.</summary>
/// <param name="Id">Of what was sent.</param>
/// <param name="Message">Why it failed, in a sentence; empty where it did not.</param>
/// <param name="At">When it ended.</param>
/// <param name="Receiver">See <see cref="NotifyRecord.Receiver"/>.</param>
/// <param name="RetryAfter">What the receiver asks for; null where it asks for nothing.</param>
public sealed record NotifyAttempt(
    string Id, NotifyResult Result, string Message, DateTimeOffset At, string? Receiver = null, TimeSpan? RetryAfter = null);

/// <summary>What a gate's notices rest on beside its evidence.</summary>
/// <param name="Uid">The gate's uid.</param>
/// <param name="Record">What status says.</param>
/// <param name="Attempt">An attempt that has ended since; null for none.</param>
/// <param name="Chance">From 0 to 1: spreads repetitions.</param>
public sealed record NotifyEvidence(string Uid, NotifyRecord Record, NotifyAttempt? Attempt, double Chance)
{
    /// <summary>Whether what is owed is being sent: what comes of it is not known yet.</summary>
    public bool IsUnderWay { get; init; }
}
