namespace SchemaGate.Core.Gates;

/// <summary>What <c>spec.paused</c> and the hold annotation of a workload are to be.</summary>
public sealed record Pause(bool Paused, Hold? Hold)
{
    /// <summary>
    /// Applies an outcome to a workload. A pause of the owner's stays the owner's: it is noted while SchemaGate pauses, and given back.
    /// </summary>
    /// <param name="workload">The workload as it is to become.</param>
    /// <param name="before">The workload as it was; null when it is new, or when nothing but SchemaGate acts.</param>
    /// <param name="needed">Whether a hold takes a pause (<see cref="PauseNeed"/>), and not only the refusal of a birth.</param>
    /// <param name="now">When a hold that begins begins.</param>
    public static Pause For(HoldOutcome outcome, Workload workload, Workload? before, bool needed, DateTimeOffset now)
    {
        // What was noted before counts: whoever writes may have left the note out, or sends back an old one.
        Hold? noted = before?.Hold ?? workload.Hold;
        // And what is noted now: another webhook may have asked for this decision to be made again on its own result.
        bool? given = before?.Hold?.Paused ?? workload.Hold?.Paused;
        bool wish = given is null ? workload.Paused : workload.Paused && given.Value && (workload.Hold?.Paused ?? true);
        if (outcome is HoldOutcome.Held held)
        {
            Hold hold = new(needed ? wish : null, workload.Template, now, held.Why.Reason, held.Why.Message);
            return new(needed || wish, noted?.Template == workload.Template ? Continued(workload.Hold ?? noted, noted, hold) : hold);
        }

        return new(noted is null ? workload.Paused : wish || workload.PauseAsked, Hold: null);
    }

    /// <summary>
    /// A hold that goes on began when it began, and keeps the better reason that the reconcile loop has given it, or is giving it now.
    /// </summary>
    private static Hold Continued(Hold written, Hold noted, Hold hold) => hold.Reason is Reasons.AwaitingDecision or Reasons.DatabaseChanged
        ? noted with { Paused = hold.Paused, Reason = written.Reason, Message = written.Message }
        : hold with { Since = noted.Since };
}
