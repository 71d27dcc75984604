namespace SchemaGate.Core.Gates;

/// <summary>What <c>spec.paused</c> or the partition, and the hold annotation, of a workload are to be.</summary>
public sealed record Pause(bool Paused, Hold? Hold)
{
    /// <summary>
    /// The partition under which a StatefulSet keeps every pod as it is: no ordinal reaches it, whatever becomes of the replicas, which
    /// are scaled without anybody being asked.
    /// </summary>
    public const int AboveAnyOrdinal = int.MaxValue;

    /// <summary>Of a held Deployment: at zero replicas its controller deletes the ReplicaSet that ran where it may keep none.</summary>
    public const int LeastHistory = 1;

    /// <summary>What a StatefulSet's partition is to be; null where none is to be written.</summary>
    public int? Partition { get; init; }

    /// <summary>What a Deployment's <c>revisionHistoryLimit</c> is to be; null where none is to be written.</summary>
    public int? HistoryLimit { get; init; }

    /// <summary>
    /// Applies an outcome to a workload. A pause or a partition of the owner's stays the owner's: it is noted while SchemaGate has
    /// replaced it, and given back.
    /// </summary>
    /// <param name="workload">The workload as it is to become.</param>
    /// <param name="before">The workload as it was; null when it is new, or when nothing but SchemaGate acts.</param>
    /// <param name="needed">Whether a hold takes a pause or a partition (<see cref="PauseNeed"/>).</param>
    /// <param name="now">When a hold that begins begins.</param>
    public static Pause For(HoldOutcome outcome, Workload workload, Workload? before, bool needed, DateTimeOffset now)
    {
        // What was noted before counts: whoever writes may have left the note out, or sends back an old one.
        Hold? noted = Begun(before?.Hold ?? workload.Hold, now);
        bool wish = PauseWished(workload, before);
        int? partition = PartitionWished(workload, before);
        int? limit = HistoryLimitWished(workload, before);
        if (outcome is HoldOutcome.Held held)
        {
            bool isBraked = needed && held.By != Enforcement.Pods;
            bool isPaused = isBraked && workload.Brake == Brake.Birth;
            bool isParted = isBraked && workload.Brake == Brake.Partition;
            Hold hold = new(isPaused ? wish : null, workload.Template, now, held.Why.Reason, held.Why.Message)
            {
                Partition = isParted ? new(partition) : null,
                HistoryLimit = limit < LeastHistory ? limit : null,
            };
            hold = noted?.Template == workload.Template ? Continued(workload.Hold ?? noted, noted, hold) : hold;
            return new(isPaused || wish, hold)
            {
                Partition = isParted ? AboveAnyOrdinal : partition,
                HistoryLimit = limit < LeastHistory ? LeastHistory : limit,
            };
        }

        return new(noted is null ? workload.Paused : wish || workload.PauseAsked, Hold: null)
        {
            Partition = partition,
            HistoryLimit = limit,
        };
    }

    /// <summary>Whoever creates an object may write any note: one from the future would keep its gate looking every second.</summary>
    private static Hold? Begun(Hold? noted, DateTimeOffset now) => noted?.Since > now ? noted with { Since = now } : noted;

    /// <summary>Another webhook may have asked for this decision to be made again on its own result: what it notes counts, too.</summary>
    private static bool PauseWished(Workload workload, Workload? before) => (before?.Hold?.Paused ?? workload.Hold?.Paused) is { } given
        ? workload.Paused && given && (workload.Hold?.Paused ?? true)
        : workload.Paused;

    /// <summary>Anything but SchemaGate's own number is the owner's.</summary>
    private static int? PartitionWished(Workload workload, Workload? before) => workload.Partition == AboveAnyOrdinal
        && (before?.Hold?.Partition ?? workload.Hold?.Partition) is { } note ? note.Value : workload.Partition;

    /// <inheritdoc cref="PartitionWished"/>
    private static int? HistoryLimitWished(Workload workload, Workload? before) => workload.HistoryLimit == LeastHistory
        ? before?.Hold?.HistoryLimit ?? workload.Hold?.HistoryLimit ?? LeastHistory
        : workload.HistoryLimit;

    /// <summary>
    /// A hold that goes on began when it began, and keeps the better reason that the reconcile loop has given it, or is giving it now.
    /// </summary>
    private static Hold Continued(Hold written, Hold noted, Hold hold) => hold.Reason is Reasons.AwaitingDecision or Reasons.DatabaseChanged
        ? hold with { Since = noted.Since, Reason = written.Reason, Message = written.Message }
        : hold with { Since = noted.Since };
}
