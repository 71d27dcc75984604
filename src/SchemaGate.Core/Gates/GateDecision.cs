using SchemaGate.Core.Gates.Notifying;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Gates.Wording;
using static SchemaGate.Core.Gates.GateConditions;

namespace SchemaGate.Core.Gates;

/// <summary>Decides about a gate. Pure: the same input gives the same decision.</summary>
public static class GateDecision
{
    /// <summary>How often the progress of a run is looked at; its end is told by its Job.</summary>
    private static readonly TimeSpan WhileRunning = TimeSpan.FromSeconds(5);

    public static Decision Decide(GateInput input)
    {
        Judgement judgement = Judgement.OfImage(input);
        List<(GateRule Rule, GateReason Result)> results = Run(judgement, RuleScope.Gate);
        string[] closed = [.. results.Where(pair => pair.Result.Closes).Select(pair => pair.Result.Reason)];
        (RunRecord? record, RunAction? action) = Step(input, judgement, closed);
        (RehearsalRecord? rehearsal, RunAction.Rehearse? rehearse) = RehearsalSteps.Next(judgement, closed, input.Now);
        if (record != judgement.Run?.Record || rehearsal != judgement.Run?.Rehearsal.Record)
        {
            // What is about to begin, or has just been ended, is told as it will be.
            judgement = judgement.With(record, rehearsal);
            results = Run(judgement, RuleScope.Gate);
        }

        List<GateCondition> witnesses = [.. Witnesses.Select(type => Witness(type, judgement, results, input)).OfType<GateCondition>()];
        (string reason, string told) = Outcome(input, judgement, results, witnesses);
        string message = Phrases.Bounded(told + ConditionWords.InvalidIndexes(judgement.State));
        ReasonRow row = ReasonTable.Rows[reason];
        NotifyRecord? notify = NotifySteps.Next(input, judgement, row.Verdict == Verdict.Open);
        return new(
            row.Verdict,
            reason,
            message,
            [.. Kstatus(row, reason, message, input), .. witnesses, .. Opened(input), .. Refused(input), .. Notified(notify, input)],
            Summary(judgement),
            PlanSummary.Of(judgement),
            judgement.Findings,
            RecheckAfter(input, reason, record, [record?.NextAttemptAt, rehearsal?.NextAttemptAt, notify?.NextAttemptAt]))
        {
            Run = record,
            Action = action,
            Rehearsal = rehearsal,
            Rehearse = rehearse,
            Notify = notify,
        };
    }

    private static (RunRecord? Record, RunAction? Action) Step(
        GateInput input,
        Judgement judgement,
        IReadOnlyList<string> closed) =>
        judgement.Run is { } run
            ? RunSteps.Next(
                run,
                judgement.Plan,
                judgement,
                closed,
                input.Now)
            : (null, null);

    /// <summary>What a person has opened is said for as long as it is open, whatever else is said.</summary>
    private static IEnumerable<GateCondition> Opened(GateInput input) => input.Override is not { } opened || opened.Until <= input.Now ? []
        : [Condition(Overridden, holds: true, Reasons.Overridden, ConditionWords.Opened(opened), input)];

    /// <summary>A run, a pause between tries, and an override end at their own time; of pods that end nobody is told.</summary>
    private static TimeSpan RecheckAfter(GateInput input, string reason, RunRecord? record, IEnumerable<DateTimeOffset?> attempts)
    {
        TimeSpan usual = Shorter(input.Spec.Database.Recheck, input.Spec.Changelog.Recheck);
        bool isMoving = record is { IsActive: true } || reason == Reasons.ContractWaits;
        DateTimeOffset? progress = isMoving ? input.Now + WhileRunning : null;
        foreach (DateTimeOffset? at in attempts.Append(progress).Append(input.Override?.Until))
        {
            usual = at > input.Now ? Shorter(usual, at.Value - input.Now) : usual;
        }

        return usual;
    }

    internal static List<(GateRule Rule, GateReason Result)> Run(Judgement judgement, RuleScope scope) => GateRules.All
        .Where(rule => rule.Scope.HasFlag(scope))
        .Select(rule => (rule, Result: rule.Check(judgement)))
        .Where(pair => pair.Result is not null)
        .Select(pair => (pair.rule, pair.Result!))
        .ToList();

    private static (string Reason, string Message) Outcome(
        GateInput input, Judgement judgement, List<(GateRule Rule, GateReason Result)> results, List<GateCondition> witnesses)
    {
        List<(GateRule Rule, GateReason Result)> closing = results.FindAll(pair => pair.Result.Closes);
        if (closing.Count == 0)
        {
            return (Reasons.Open, ConditionWords.Open(judgement));
        }

        (GateRule rule, GateReason first) = closing[0];
        GateCondition? witness = witnesses.Find(condition => condition.Type == rule.Condition);
        if (witness is not null && StaysOpen(input, judgement, closing))
        {
            return (Reasons.Open, ConditionWords.StaysOpen(witness));
        }

        return (first.Reason, witness?.Reason == first.Reason ? witness.Message : first.Message);
    }

    /// <summary>
    /// An outage must not turn every deployment tool red: a gate that was open for this image and this database stays open while all
    /// that closes it is a witness that cannot be reached.
    /// </summary>
    private static bool StaysOpen(GateInput input, Judgement judgement, List<(GateRule Rule, GateReason Result)> closing) =>
        input.Previous is { SameSpec: true, Verdict: Verdict.Open, Digest: not null, Identity: not null } previous
        && closing.TrueForAll(pair => IsOutage(judgement, pair.Rule))
        && (judgement.Image is null || judgement.Image.Digest == previous.Digest)
        && (input.ResolvedDigest is null || input.ResolvedDigest == previous.Digest)
        && (judgement.State?.Identity.ToString() ?? input.KnownIdentity) == previous.Identity;

    private static bool IsOutage(Judgement judgement, GateRule rule) =>
        (rule.Condition == ChangelogResolved && judgement.Changelog is Evidence<ChangelogEvidence>.Unreachable)
        || (rule.Condition == DatabaseReachable && judgement.Database is Evidence<Databases.DatabaseState>.Unreachable)
        || (rule.Condition == SchemaInSync && judgement.Drift is { Unread.Passes: true, Record: not { Differences: > 0 } });

    private static IEnumerable<GateCondition> Refused(GateInput input) => input.Refused is not { } refused ? []
        : [Condition(WriteRefused, holds: true, Reasons.WriteRefused, Phrases.Bounded(refused.Message), input)];

    private static IEnumerable<GateCondition> Notified(NotifyRecord? notify, GateInput input) =>
        NotifyWords.Of(notify, input.Spec.Notify) is not { } words ? []
            : [Condition(GateConditions.Notified, words.Holds, words.Reason, words.Message, input)];

    /// <summary>A gate that is open, and lets nobody go, is not ready. It is tried again: no tool is to give up on it.</summary>
    private static IEnumerable<GateCondition> Kstatus(ReasonRow row, string reason, string message, GateInput input)
    {
        if (row.Ready && input.Refused is { } refused)
        {
            (row, reason, message) = (new(Verdict.Blocked, Stalled: false), Reasons.WriteRefused, Phrases.Bounded(refused.Message));
        }

        yield return Condition(Ready, row.Ready, reason, message, input);
        yield return Condition(Reconciling, row.Reconciling, reason, message, input);
        yield return Condition(Stalled, row.Stalled, reason, message, input);
    }

    /// <summary>Null where nobody asked the witness.</summary>
    private static GateCondition? Witness(
        string type, Judgement judgement, List<(GateRule Rule, GateReason Result)> results, GateInput input)
    {
        if ((judgement.Changelog is null && type is ChangelogResolved or ChangelogConsistent)
            || (judgement.Image?.Risks is null && type is RiskAccepted)
            || (judgement.Database is null && type is DatabaseReachable or HistoryConsistent or MigrationsApplied)
            || (type is Rehearsed or RunningCodeSurvives && judgement.Spec.Rehearsal.Mode == RehearsalMode.Never)
            || (type is RunningCodeSurvives && judgement.Spec.Policy.Breaks == PolicyMode.Ignore)
            || (judgement.Drift is null or { Record: null, Unread.Message: null } && type is SchemaInSync))
        {
            return null;
        }

        GateReason? result = results.Find(pair => pair.Rule.Condition == type && pair.Result.Closes).Result
            ?? results.Find(pair => pair.Rule.Condition == type).Result;
        if (result is not null)
        {
            GateCondition condition = Condition(
                type, result is GateReason.NotCompared ? null : false, result.Reason, result.Message, input);
            return ReasonTable.Rows[result.Reason].Verdict != Verdict.Unknown || result is GateReason.NotCompared { Why.Passes: false }
                ? condition
                : condition with { Message = ConditionWords.UnreadSince(condition) };
        }

        return IsTold(type, judgement)
            ? Condition(type, holds: true, Reasons.AsExpected, ConditionWords.Holds(type, judgement), input)
            : Condition(type, holds: null, Reasons.NotRead, ConditionWords.NotRead, input);
    }

    private static bool IsTold(string type, Judgement judgement) => type switch
    {
        ChangelogConsistent => judgement.Image is not null
            && judgement.Findings.All(finding => finding.Id != Changelogs.FindingIds.NotAChangelog),
        HistoryConsistent => judgement.History is not null,
        MigrationsApplied => judgement.Pending is not null,
        Rehearsed => judgement.Pending is { Count: 0 } || judgement.Rehearsal is { IsAwaited: false },
        RunningCodeSurvives => judgement.Pending is { Count: 0 } || judgement.Rehearsal?.Report?.Statements is not null,
        RiskAccepted => judgement.Risks is not null && (judgement.Pending is not null || judgement.Database is null),
        SchemaInSync => judgement.Drift is { Unread: null },
        _ => true,
    };

    private static GateCondition Condition(string type, bool? holds, string reason, string message, GateInput input)
    {
        ConditionStatus status = holds switch
        {
            true => ConditionStatus.True,
            false => ConditionStatus.False,
            null => ConditionStatus.Unknown,
        };
        GateCondition? before = input.Previous.Conditions.FirstOrDefault(condition => condition.Type == type);
        return new(type, status, reason, message, before?.Status == status ? before.Since : input.Now);
    }

    private static MigrationSummary? Summary(Judgement judgement)
    {
        if (judgement is not { Required: { } required, Pending: { } pending })
        {
            return null;
        }

        return new(
            required.Count,
            required.Count - pending.Count,
            pending,
            judgement.State is { RunInProgress: true } ? [] : [.. judgement.Unfinished.Select(row => row.Name)],
            judgement.Edited,
            judgement.Unknown,
            judgement.Through);
    }

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
