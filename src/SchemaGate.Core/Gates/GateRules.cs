using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates.Drifting;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Gates.Wording;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Risk;
using static SchemaGate.Core.Gates.GateConditions;

namespace SchemaGate.Core.Gates;

/// <summary>The ordered list of rules: the first that closes gives reason and message.</summary>
internal static class GateRules
{
    public static IReadOnlyList<GateRule> All { get; } =
    [
        new(nameof(SpecInvalid), RuleScope.Both, null, SpecInvalid),
        new(nameof(Suspended), RuleScope.Both, null, Suspended),
        new(nameof(ChangelogUnreachable), RuleScope.Both, ChangelogResolved, ChangelogUnreachable),
        new(nameof(ChangelogInvalid), RuleScope.Both, ChangelogResolved, ChangelogInvalid),
        new(nameof(PendingChanges), RuleScope.Both, ChangelogConsistent, PendingChanges),
        new(nameof(ChangelogInconsistent), RuleScope.Both, ChangelogConsistent, ChangelogInconsistent),
        new(nameof(DatabaseUnreachable), RuleScope.Both, DatabaseReachable, DatabaseUnreachable),
        new(nameof(DatabaseIsStandby), RuleScope.Both, DatabaseReachable, DatabaseIsStandby),
        new(nameof(HistoryForeign), RuleScope.Both, HistoryConsistent, HistoryForeign),
        new(nameof(BaselineRequired), RuleScope.Both, HistoryConsistent, BaselineRequired),
        new(nameof(Migrating), RuleScope.Gate, MigrationsApplied, Migrating),
        new(nameof(MigrationFailed), RuleScope.Gate, HistoryConsistent, MigrationFailed),
        new(nameof(HistoryRegressed), RuleScope.Gate, HistoryConsistent, HistoryRegressed),
        new(nameof(MigrationEdited), RuleScope.Both, HistoryConsistent, MigrationEdited),
        new(nameof(MigrationOutOfOrder), RuleScope.Gate, HistoryConsistent, MigrationOutOfOrder),
        new(nameof(DatabaseAhead), RuleScope.Gate, HistoryConsistent, DatabaseAhead),
        new(nameof(DeployedNotApplied), RuleScope.Gate, MigrationsApplied, DeployedNotApplied),
        new(nameof(RiskUnderstated), RuleScope.Both, RiskAccepted, RiskUnderstated),
        new(nameof(SchemaDrifted), RuleScope.Both, SchemaInSync, SchemaDrifted),
        new(nameof(RehearsalRules.Rehearsed), RuleScope.Gate, Rehearsed, RehearsalRules.Rehearsed),
        new(nameof(RehearsalRules.StatementsBroken), RuleScope.Gate, RunningCodeSurvives, RehearsalRules.StatementsBroken),
        new(nameof(ApprovalRequired), RuleScope.Gate, RiskAccepted, ApprovalRequired),
        new(nameof(RehearsalRules.ContractWaits), RuleScope.Gate, RunningCodeSurvives, RehearsalRules.ContractWaits),
        new(nameof(MigrationsPending), RuleScope.Both, MigrationsApplied, MigrationsPending),
    ];

    private static GateReason? SpecInvalid(Judgement judgement) =>
        judgement.SpecProblems.Count == 0 ? null : new GateReason.SpecInvalid(judgement.SpecProblems);

    private static GateReason? Suspended(Judgement judgement) => judgement.Spec.Suspend ? new GateReason.Suspended() : null;

    private static GateReason? ChangelogUnreachable(Judgement judgement) => judgement.Changelog switch
    {
        Evidence<ChangelogEvidence>.Unreachable evidence => new GateReason.Unread(evidence.Reason, evidence.Message),
        Evidence<ChangelogEvidence>.Missing evidence when !IsContent(evidence.Reason) =>
            new GateReason.Unread(evidence.Reason, evidence.Message),
        _ => null,
    };

    private static GateReason? ChangelogInvalid(Judgement judgement) => judgement switch
    {
        { Changelog: Evidence<ChangelogEvidence>.Missing evidence } when IsContent(evidence.Reason) =>
            new GateReason.Unread(evidence.Reason, evidence.Message),
        { Image: { Migrations.Problems: { Count: > 0 } problems } image } => new GateReason.MigrationsInvalid(image.Source, problems),
        _ => Blocking(judgement, Reasons.ChangelogInvalid, finding => finding.Id == FindingIds.NotAChangelog),
    };

    private static bool IsContent(string reason) => reason is Reasons.ChangelogNotFound or Reasons.MigrationsNotFound;

    private static GateReason? PendingChanges(Judgement judgement) =>
        Blocking(judgement, Reasons.PendingChanges, finding => finding.Id == FindingIds.PendingChange);

    /// <summary>The most telling reason first; what contradicts itself in several ways is told by its first finding.</summary>
    private static GateReason? ChangelogInconsistent(Judgement judgement) =>
        Blocking(judgement, Reasons.MigrationFileMissing, finding => finding.Id == FindingIds.MigrationFileMissing)
        ?? Blocking(judgement, Reasons.UndocumentedMigration, finding => finding.Id == FindingIds.UndocumentedMigration)
        ?? Blocking(judgement, Reasons.ChangelogInconsistent, finding => finding.Id is not
            (FindingIds.NotAChangelog or FindingIds.PendingChange or FindingIds.DeployedNotApplied or FindingIds.RiskUnderstated))
        ?? Reported(judgement, Reasons.ChangelogInconsistent, finding => finding.Id != FindingIds.RiskUnderstated);

    private static GateReason? DatabaseUnreachable(Judgement judgement) => judgement.Database switch
    {
        Evidence<DatabaseState>.Unreachable evidence => new GateReason.Unread(evidence.Reason, evidence.Message),
        Evidence<DatabaseState>.Missing evidence => new GateReason.Unread(evidence.Reason, evidence.Message),
        _ => null,
    };

    private static GateReason? DatabaseIsStandby(Judgement judgement) =>
        judgement.State is { IsStandby: true } ? new GateReason.DatabaseIsStandby() : null;

    private static GateReason? HistoryForeign(Judgement judgement) =>
        judgement.IsForeign ? new GateReason.HistoryForeign(judgement.State!.History!.Tool, judgement.Image?.Migrations.Tool) : null;

    private static GateReason? BaselineRequired(Judgement judgement) =>
        judgement.NeedsBaseline ? new GateReason.BaselineRequired(judgement.State!.Identity.Schema, judgement.Tool) : null;

    private static GateReason? Migrating(Judgement judgement) => judgement switch
    {
        { Run: { Record.IsActive: true } run, Pending: { Count: > 0 } pending } =>
            new GateReason.JobAtWork(run, pending, judgement.Spec.Migrate.Retries),
        { State.RunInProgress: true, Unfinished: [var row, ..] } => new GateReason.SomebodyAtWork(row, judgement.State.Lock),
        _ => null,
    };

    private static GateReason? MigrationFailed(Judgement judgement) => judgement switch
    {
        { State.RunInProgress: false, Unfinished: [var row, ..] } => FailedIn(judgement, row),
        { Run.Record: { Result: RunResult.Failed, Error: not null } record, Pending.Count: > 0, Plan: { } plan }
            when plan.Continues(record.Scope) =>
            RunFailed(judgement, record.NextAttemptAt is null ? Reasons.MigrationFailed : Reasons.MigrationRetrying),
        _ => null,
    };

    /// <summary>What the run says of a migration that it failed in tells more than the migration's row.</summary>
    private static GateReason FailedIn(Judgement judgement, HistoryRow row) =>
        judgement.Run?.Record is { Result: RunResult.Failed, Error: { } failure } && failure.Migration == row.Name
            ? RunFailed(judgement, Reasons.MigrationFailed)
            : Unfinished(judgement, row) with { LeftBy = LeftBy(judgement) };

    /// <summary>The run that left this history without a word about any migration: killed, out of memory, gone.</summary>
    private static RunRecord? LeftBy(Judgement judgement) =>
        judgement.Run?.Record is { Result: RunResult.Failed, Error.Migration: null } record
            && record.History == RunSettlement.Fingerprint(judgement.History!)
            ? record
            : null;

    private static GateReason.RunFailed RunFailed(Judgement judgement, string reason) =>
        new(reason, judgement.Run!, judgement.Spec.Migrate.Retries, judgement.Unfinished.Count > 0);

    private static GateReason.Unfinished Unfinished(Judgement judgement, HistoryRow row) =>
        new(row, judgement.Tool, judgement.Risks?.FirstOrDefault(risk => risk.Migration == row.Name)?.InOneTransaction);

    /// <summary>
    /// Only what the image still has can be applied again: a release of what it has dropped would close the gate for good.
    /// </summary>
    private static GateReason? HistoryRegressed(Judgement judgement)
    {
        Release? lost = judgement is { History: not null, State: { } state }
            ? judgement.Released.FirstOrDefault(release => release.ContradictedBy(state)
                && (judgement.Image is null || judgement.Image.Migrations.Names.Contains(release.Through, StringComparer.Ordinal)))
            : null;
        return lost is null ? null : new GateReason.HistoryRegressed(lost, judgement.Tool);
    }

    private static GateReason? MigrationEdited(Judgement judgement) => Judge(
        judgement.Spec.Policy.Edited, judgement.Edited, (names, closes) => new GateReason.MigrationEdited(names, judgement.Tool, closes));

    private static GateReason? MigrationOutOfOrder(Judgement judgement) => Judge(
        judgement.Spec.Policy.OutOfOrder, judgement.OutOfOrder, (names, closes) => new GateReason.MigrationOutOfOrder(names, closes))
        ?? Judge(
            judgement.Spec.Policy.OutOfOrder, judgement.NeverRun,
            (names, closes) => new GateReason.NeverRun(names, judgement.Tool, closes));

    private static GateReason? DatabaseAhead(Judgement judgement) => Judge(
        judgement.Spec.Policy.DatabaseAhead, judgement.Unknown,
        (names, closes) => new GateReason.DatabaseAhead(names, judgement.Squashed, closes));

    private static GateReason? DeployedNotApplied(Judgement judgement) =>
        Blocking(judgement, Reasons.DeployedNotApplied, finding => finding.Id == FindingIds.DeployedNotApplied);

    private static GateReason? RiskUnderstated(Judgement judgement)
    {
        PolicyMode policy = judgement.Spec.Policy.RiskMismatch;
        string? unjudged = judgement.Image?.Risks switch
        {
            Evidence<IReadOnlyList<MigrationRisk>>.Missing { Message: var why } => why,
            Evidence<IReadOnlyList<MigrationRisk>>.Unreachable { Message: var why } => why,
            _ => null,
        };
        return unjudged is not null && judgement.Pending is not { Count: 0 } && policy != PolicyMode.Ignore
            ? new GateReason.Unread(Reasons.RiskNotJudged, unjudged, policy == PolicyMode.Block)
            : Blocking(judgement, Reasons.RiskUnderstated, finding => finding.Id == FindingIds.RiskUnderstated)
            ?? Reported(judgement, Reasons.RiskUnderstated, finding => finding.Id == FindingIds.RiskUnderstated);
    }

    /// <summary>What was found stands until it is found otherwise: that it cannot be read any more mends nothing.</summary>
    private static GateReason? SchemaDrifted(Judgement judgement)
    {
        bool blocks = judgement.Spec.Policy.Drift == PolicyMode.Block;
        return judgement.Drift switch
        {
            { Record: { Differences: > 0 } record } drift when drift.Unread != DriftUnread.Waits =>
                new GateReason.SchemaDrifted(record, blocks),
            { Unread: { } unread } when blocks || unread != DriftUnread.Waits =>
                new GateReason.NotCompared(unread, blocks && !unread.IsAhead),
            { Record: { IsUntold: true } record } =>
                new GateReason.NotCompared(new(DriftWords.Untold(record), Passes: false), blocks),
            _ => null,
        };
    }

    private static GateReason? ApprovalRequired(Judgement judgement) =>
        judgement is { NeedsApproval: true, Run: { Record: not { IsActive: true } } run }
            ? new GateReason.ApprovalRequired(run, judgement.Pending!, PlanSummary.Of(judgement))
            : null;

    /// <summary>An unfinished migration is pending, too; what keeps it so is the reason.</summary>
    private static GateReason? MigrationsPending(Judgement judgement)
    {
        if (judgement is not { Pending: { Count: > 0 } pending, Required: { } required })
        {
            return null;
        }

        HistoryRow? failed = judgement.State is { RunInProgress: false }
            ? judgement.Unfinished.FirstOrDefault(row => pending.Contains(row.Name, StringComparer.Ordinal))
            : null;
        return failed is not null
            ? Unfinished(judgement, failed)
            : new GateReason.MigrationsPending(pending, required.Count, By(judgement), PendingBeside.Of(judgement));
    }

    private static AppliedBy By(Judgement judgement) => judgement switch
    {
        { State.RunInProgress: true } => new AppliedBy.WhoRuns(judgement.Tool, judgement.State.Lock),
        { Obstacle: { } obstacle } => new AppliedBy.Nobody(obstacle),
        { Spec.Migrate.Mode: MigrateMode.Job } => new AppliedBy.Job(),
        _ => new AppliedBy.Others(judgement.Tool),
    };

    private static GateReason? Judge(
        PolicyMode policy, IReadOnlyList<string> names, Func<IReadOnlyList<string>, bool, GateReason> found) =>
        names.Count == 0 || policy == PolicyMode.Ignore ? null : found(names, policy == PolicyMode.Block);

    private static GateReason? Blocking(Judgement judgement, string reason, Func<Finding, bool> concerns) =>
        Document(judgement, reason, FindingSeverity.Blocking, concerns);

    /// <summary>Warnings stand in the condition; they close nothing.</summary>
    private static GateReason? Reported(Judgement judgement, string reason, Func<Finding, bool> concerns) =>
        Document(judgement, reason, FindingSeverity.Warning, concerns);

    private static GateReason? Document(Judgement judgement, string reason, FindingSeverity severity, Func<Finding, bool> concerns)
    {
        List<Finding> findings = [.. judgement.Findings.Where(finding => finding.Severity == severity && concerns(finding))];
        return findings.Count == 0
            ? null
            : new GateReason.Document(reason, severity == FindingSeverity.Blocking, judgement.Image!.DocumentPath, findings);
    }
}
