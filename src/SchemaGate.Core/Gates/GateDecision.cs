using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Gates.Running;
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
        List<(GateRule Rule, RuleResult Result)> results = Run(judgement, RuleScope.Gate);
        (RunRecord? record, RunAction? action) = Step(input, judgement, results);
        if (record != judgement.Run?.Record)
        {
            // What is about to begin, or has just been ended, is told as it will be.
            judgement = judgement.With(record);
            results = Run(judgement, RuleScope.Gate);
        }

        List<GateCondition> witnesses = [.. Witnesses.Select(type => Witness(type, judgement, results, input)).OfType<GateCondition>()];
        (string reason, string message) = Outcome(input, judgement, results, witnesses);
        ReasonRow row = ReasonTable.Rows[reason];
        return new(
            row.Verdict,
            reason,
            message,
            [.. Kstatus(row, reason, message, input), .. witnesses, .. Opened(input)],
            Summary(judgement),
            PlanSummary.Of(judgement),
            judgement.Findings,
            RecheckAfter(input, record))
        {
            Run = record,
            Action = action,
        };
    }

    private static (RunRecord? Record, RunAction? Action) Step(
        GateInput input,
        Judgement judgement,
        List<(GateRule Rule, RuleResult Result)> results) =>
        judgement.Run is { } run
            ? RunSteps.Next(
                run,
                judgement.Plan,
                judgement,
                [.. results.Where(pair => pair.Result.Closes).Select(pair => pair.Result.Reason)],
                input.Now)
            : (null, null);

    /// <summary>What a person has opened is said for as long as it is open, whatever else is said.</summary>
    private static IEnumerable<GateCondition> Opened(GateInput input) => input.Override is not { } opened || opened.Until <= input.Now ? []
        : [Condition(
            Overridden, holds: true, Reasons.Overridden,
            Texts.Bounded(
                $"{opened.By} opened this gate for {opened.Requires} until {Texts.Time(opened.Until)}, whatever closes it: {opened.Reason}"), input)];

    /// <summary>A run, a pause between runs and an override end at their own time.</summary>
    private static TimeSpan RecheckAfter(GateInput input, RunRecord? record)
    {
        TimeSpan usual = Shorter(input.Spec.Database.Recheck, input.Spec.Changelog.Recheck);
        foreach (DateTimeOffset? at in (DateTimeOffset?[])[record is { IsActive: true }
            ? input.Now + WhileRunning
            : null, record?.NextAttemptAt, input.Override?.Until])
        {
            usual = at > input.Now ? Shorter(usual, at.Value - input.Now) : usual;
        }

        return usual;
    }

    internal static List<(GateRule Rule, RuleResult Result)> Run(Judgement judgement, RuleScope scope) => GateRules.All
        .Where(rule => rule.Scope.HasFlag(scope))
        .Select(rule => (rule, Result: rule.Check(judgement)))
        .Where(pair => pair.Result is not null)
        .Select(pair => (pair.rule, pair.Result! with { Message = Texts.Bounded(pair.Result.Message) }))
        .ToList();

    private static (string Reason, string Message) Outcome(
        GateInput input, Judgement judgement, List<(GateRule Rule, RuleResult Result)> results, List<GateCondition> witnesses)
    {
        List<(GateRule Rule, RuleResult Result)> closing = results.FindAll(pair => pair.Result.Closes);
        if (closing.Count == 0)
        {
            return (Reasons.Open, OpenMessage(judgement));
        }

        (GateRule rule, RuleResult first) = closing[0];
        GateCondition? witness = witnesses.Find(condition => condition.Type == rule.Condition);
        return witness is not null && StaysOpen(input, judgement, closing)
            ? (Reasons.Open, $"Open as decided before; now {witness.Type} is False. {witness.Message}")
            : (first.Reason, witness is { Reason: var reason } && reason == first.Reason ? witness.Message : first.Message);
    }

    /// <summary>
    /// An outage must not turn every deployment tool red: a gate that was open for this image and this database stays open while all
    /// that closes it is a witness that cannot be reached.
    /// </summary>
    private static bool StaysOpen(GateInput input, Judgement judgement, List<(GateRule Rule, RuleResult Result)> closing) =>
        input.Previous is { SameSpec: true, Verdict: Verdict.Open, Digest: not null, Identity: not null } previous
        && closing.TrueForAll(pair => IsOutage(judgement, pair.Rule))
        && (judgement.Image is null || judgement.Image.Digest == previous.Digest)
        && (judgement.State?.Identity.ToString() ?? input.KnownIdentity ?? previous.Identity) == previous.Identity;

    private static bool IsOutage(Judgement judgement, GateRule rule) =>
        (rule.Condition == ChangelogResolved && judgement.Changelog is Evidence<ChangelogEvidence>.Unreachable)
        || (rule.Condition == DatabaseReachable && judgement.Database is Evidence<Databases.DatabaseState>.Unreachable);

    private static string OpenMessage(Judgement judgement) => judgement is { Required: { } required, History: not null }
        ? $"All {required.Count} required migrations are applied."
        : "Nothing closes the gate; no database was asked.";

    private static IEnumerable<GateCondition> Kstatus(ReasonRow row, string reason, string message, GateInput input)
    {
        yield return Condition(Ready, row.Ready, reason, message, input);
        yield return Condition(Reconciling, row.Reconciling, reason, message, input);
        yield return Condition(Stalled, row.Stalled, reason, message, input);
    }

    /// <summary>Null where nobody asked the witness.</summary>
    private static GateCondition? Witness(
        string type, Judgement judgement, List<(GateRule Rule, RuleResult Result)> results, GateInput input)
    {
        if ((judgement.Changelog is null && type is ChangelogResolved or ChangelogConsistent)
            || (judgement.Image?.Risks is null && type is RiskAccepted)
            || (judgement.Database is null && type is DatabaseReachable or HistoryConsistent or MigrationsApplied))
        {
            return null;
        }

        RuleResult? result = results.Find(pair => pair.Rule.Condition == type && pair.Result.Closes).Result
            ?? results.Find(pair => pair.Rule.Condition == type).Result;
        if (result is not null)
        {
            GateCondition condition = Condition(type, holds: false, result.Reason, result.Message, input);
            return ReasonTable.Rows[result.Reason].Verdict != Verdict.Unknown
                ? condition
                : condition with { Message = $"{condition.Message} Not readable since {Texts.Time(condition.Since)}." };
        }

        return IsTold(type, judgement)
            ? Condition(type, holds: true, Reasons.AsExpected, Note(type, judgement), input)
            : Condition(type, holds: null, Reasons.NotRead, "What this rests on could not be read.", input);
    }

    private static bool IsTold(string type, Judgement judgement) => type switch
    {
        ChangelogConsistent => judgement.Image is not null,
        HistoryConsistent => judgement.History is not null,
        MigrationsApplied => judgement.Pending is not null,
        RiskAccepted => judgement.Risks is not null && (judgement.Pending is not null || judgement.Database is null),
        _ => true,
    };

    /// <summary>
    /// What holds, in words: a condition's message is never empty, which some servers refuse. And what is worth mending although it
    /// closes nothing: information by kind, so that ten notes are one sentence.
    /// </summary>
    private static string Note(string type, Judgement judgement) => type switch
    {
        ChangelogResolved => "The image has been read.",
        ChangelogConsistent => Notes(judgement) ?? "The document agrees with the migrations.",
        DatabaseReachable => "The database answers.",
        HistoryConsistent => "The history agrees with the migrations." + Texts.Squashed(judgement.Squashed),
        RiskAccepted => Texts.Bounded(PlanSummary.Words(judgement.PendingRisks ?? []) ?? "No entry states less risk than its SQL has."),
        _ => "Every required migration is applied.",
    };

    private static string? Notes(Judgement judgement)
    {
        IEnumerable<string> kinds = judgement.Findings.Where(finding => finding.Severity == FindingSeverity.Information)
            .GroupBy(finding => finding.Id, StringComparer.Ordinal)
            .Select(
                group => $"{group.Key} ({group.Count()}): {Texts.Names([.. group.Select(finding => finding.Migration ?? finding.Message)])}");
        string notes = string.Join("; ", kinds);
        return notes.Length == 0 ? null : Texts.Bounded($"Worth mending: {notes}. `schemagate verify` shows each with its line.");
    }

    private static GateCondition Condition(string type, bool? holds, string reason, string message, GateInput input)
    {
        ConditionStatus status
            = holds switch { true => ConditionStatus.True, false => ConditionStatus.False, null => ConditionStatus.Unknown };
        GateCondition? before = input.Previous.Conditions.FirstOrDefault(condition => condition.Type == type);
        return new(type, status, reason, message, before?.Status == status ? before.Since : input.Now);
    }

    private static MigrationSummary? Summary(Judgement judgement) =>
        judgement is not { Required: { } required, Pending: { } pending } ? null : new(
            required.Count,
            required.Count - pending.Count,
            pending,
            judgement.State is { RunInProgress: true } ? [] : [.. judgement.Unfinished.Select(row => row.Name)],
            judgement.Edited,
            judgement.Unknown,
            required.Count == 0 ? null : required[^1]);

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
