using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Risk;
using static SchemaGate.Core.Gates.GateConditions;

namespace SchemaGate.Core.Gates;

/// <summary>
/// The ordered list of rules: the first that closes gives reason and message. SchemaDrifted is absent until something reads its witness.
/// </summary>
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
        new(nameof(ApprovalRequired), RuleScope.Gate, RiskAccepted, ApprovalRequired),
        new(nameof(MigrationsPending), RuleScope.Both, MigrationsApplied, MigrationsPending),
    ];

    private static RuleResult? SpecInvalid(Judgement judgement) =>
        judgement.SpecProblems.Count == 0 ? null : Close(Reasons.SpecInvalid, string.Join(" ", judgement.SpecProblems));

    private static RuleResult? Suspended(Judgement judgement) => !judgement.Spec.Suspend ? null : Close(
        Reasons.Suspended,
        "The gate is suspended: nothing is released and nothing more is held. Set spec.suspend to false to go on.");

    private static RuleResult? ChangelogUnreachable(Judgement judgement) => judgement.Changelog switch
    {
        Evidence<ChangelogEvidence>.Unreachable evidence => Close(evidence.Reason, evidence.Message),
        Evidence<ChangelogEvidence>.Missing evidence when !IsContent(evidence.Reason) => Close(evidence.Reason, evidence.Message),
        _ => null,
    };

    private static RuleResult? ChangelogInvalid(Judgement judgement)
    {
        if (judgement.Changelog is Evidence<ChangelogEvidence>.Missing evidence && IsContent(evidence.Reason))
        {
            return Close(evidence.Reason, evidence.Message);
        }

        if (judgement.Image is { Migrations.Problems: { Count: > 0 } problems } image)
        {
            return Close(Reasons.MigrationsInvalid, $"{image.Source}: {string.Join(" ", problems)}");
        }

        return Blocking(judgement, Reasons.ChangelogInvalid, finding => finding.Id == FindingIds.NotAChangelog);
    }

    private static bool IsContent(string reason) => reason is Reasons.ChangelogNotFound or Reasons.MigrationsNotFound;

    private static RuleResult? PendingChanges(Judgement judgement) =>
        Blocking(judgement, Reasons.PendingChanges, finding => finding.Id == FindingIds.PendingChange);

    /// <summary>The most telling reason first; what contradicts itself in several ways is told by its first finding.</summary>
    private static RuleResult? ChangelogInconsistent(Judgement judgement) =>
        Blocking(judgement, Reasons.MigrationFileMissing, finding => finding.Id == FindingIds.MigrationFileMissing)
        ?? Blocking(judgement, Reasons.UndocumentedMigration, finding => finding.Id == FindingIds.UndocumentedMigration)
        ?? Blocking(judgement, Reasons.ChangelogInconsistent, finding => finding.Id is not
            (FindingIds.NotAChangelog or FindingIds.PendingChange or FindingIds.DeployedNotApplied or FindingIds.RiskUnderstated))
        ?? Reported(judgement, Reasons.ChangelogInconsistent, finding => finding.Id != FindingIds.RiskUnderstated);

    private static RuleResult? DatabaseUnreachable(Judgement judgement) => judgement.Database switch
    {
        Evidence<DatabaseState>.Unreachable evidence => Close(evidence.Reason, evidence.Message),
        Evidence<DatabaseState>.Missing evidence => Close(evidence.Reason, evidence.Message),
        _ => null,
    };

    private static RuleResult? DatabaseIsStandby(Judgement judgement) => judgement.State is not { IsStandby: true } ? null : Close(
        Reasons.DatabaseIsStandby,
        "The URL leads to a standby, which may lag behind its primary. Name the primary in the Secret (libpq: target_session_attrs=read-write).");

    private static RuleResult? HistoryForeign(Judgement judgement) => !judgement.IsForeign ? null : Close(
        Reasons.HistoryUnreadable,
        $"The database has {ToolGuide.Of(judgement.State!.History!.Tool).Name}'s history, and "
        + (judgement.Image is { } image
            ? $"the migrations are {ToolGuide.Of(image.Migrations.Tool).Name}'s. "
            : "nothing says that the required migration is that tool's. ")
        + "Name the tool that is meant in spec.database.tool (--tool).");

    private static RuleResult? BaselineRequired(Judgement judgement) => !judgement.NeedsBaseline ? null : Close(
        Reasons.BaselineRequired,
        $"Schema \"{judgement.State!.Identity.Schema}\" has tables but no table {ToolGuide.Of(judgement.Tool).Table}"
        + (judgement.Tool == MigrationTool.Flyway
            ? $", which Flyway refuses. Baseline it once: `{ToolGuide.Of(judgement.Tool).Baseline}`."
            : $" (Prisma's P3005). Baseline it once: `{ToolGuide.Of(judgement.Tool).Baseline}`, with `--through <migration>` if the tables contain only the first of the migrations."));

    private static RuleResult? Migrating(Judgement judgement) => judgement switch
    {
        { Run.Record: { IsActive: true } record, Pending.Count: > 0 } => Close(Reasons.Migrating, RunTexts.Running(judgement, record)),
        { State.RunInProgress: true, Unfinished: [var row, ..] } =>
            Close(Reasons.Migrating, $"{row.Name} is being applied{Texts.At(" since ", row)}. The gate looks again by itself."),
        _ => null,
    };

    private static RuleResult? MigrationFailed(Judgement judgement) => judgement switch
    {
        { State.RunInProgress: false, Unfinished: [var row, ..] } => Close(
            Reasons.MigrationFailed,
            RunTexts.FailureOf(judgement, row.Name) is { } failure
                ? RunTexts.Failed(judgement, failure)
                : Failed(judgement, row) + RunTexts.Ended(judgement)),
        { Run.Record: { Result: RunResult.Failed, Error: { } failure } record, Pending.Count: > 0, Plan: { } plan } when plan.Continues(
            record.Scope) =>
            Close(record.NextAttemptAt is null ? Reasons.MigrationFailed : Reasons.MigrationRetrying, RunTexts.Failed(judgement, failure)),
        _ => null,
    };

    private static string Failed(Judgement judgement, HistoryRow row) =>
        Texts.Failed(row, judgement.Tool, judgement.Risks?.FirstOrDefault(risk => risk.Migration == row.Name)?.InOneTransaction);

    /// <summary>Only what the image still has can be applied again: a release of what it has dropped would close the gate for good.</summary>
    private static RuleResult? HistoryRegressed(Judgement judgement)
    {
        Release? release = judgement is { History: not null, State: { } state }
            ? judgement.Released.FirstOrDefault(release => release.ContradictedBy(state)
                && (judgement.Image is null || judgement.Image.Migrations.Names.Contains(release.Through, StringComparer.Ordinal)))
            : null;
        return release is null ? null : Close(
            Reasons.HistoryRegressed,
            $"{release.Through} was applied in this database on {Texts.Time(release.At)} and is not in its history any more: was a backup "
            + $"restored? Apply the migrations again ({Texts.Apply(judgement.Tool)}), or {Texts.Record(release.Through!, judgement.Tool)} if the schema "
            + "still has what it does; nothing that runs is stopped.");
    }

    private static RuleResult? MigrationEdited(Judgement judgement) => Judge(
        judgement.Spec.Policy.Edited, judgement.Edited, Reasons.MigrationEdited,
        names => $"The file of {names} is not the one that was applied. Bring the old text back and put the change into a new migration"
            + (ToolGuide.Of(judgement.Tool).AcceptEdit is { } accept ? $"; or `{accept}` if the edit changes nothing that ran." : "."));

    private static RuleResult? MigrationOutOfOrder(Judgement judgement) => Judge(
        judgement.Spec.Policy.OutOfOrder, judgement.OutOfOrder, Reasons.MigrationOutOfOrder,
        names => $"{names} sorts before a migration that is already applied. Rename it to a later timestamp if it builds on that one.");

    private static RuleResult? DatabaseAhead(Judgement judgement) => Judge(
        judgement.Spec.Policy.DatabaseAhead, judgement.Unknown, Reasons.DatabaseAhead,
        names => $"The database has {names}, which the image lacks. That is right for a rollback; other owners belong into policy.ignoreUnknown.{Texts.Squashed(judgement.Squashed)}");

    private static RuleResult? DeployedNotApplied(Judgement judgement) =>
        Blocking(judgement, Reasons.DeployedNotApplied, finding => finding.Id == FindingIds.DeployedNotApplied);

    private static RuleResult? RiskUnderstated(Judgement judgement) =>
        judgement is
        {
            Image.Risks: Evidence<IReadOnlyList<MigrationRisk>>.Missing evidence, Pending: not { Count: 0 }, Spec.Policy
            .RiskMismatch: not PolicyMode.Ignore
        }
            ? new(judgement.Spec.Policy.RiskMismatch == PolicyMode.Block, Reasons.RiskNotJudged, evidence.Message)
            : Blocking(judgement, Reasons.RiskUnderstated, finding => finding.Id == FindingIds.RiskUnderstated)
            ?? Reported(judgement, Reasons.RiskUnderstated, finding => finding.Id == FindingIds.RiskUnderstated);

    private static RuleResult? ApprovalRequired(Judgement judgement) =>
        judgement is { NeedsApproval: true, Run: { Record: not { IsActive: true } } }
            ? Close(Reasons.ApprovalRequired, RunTexts.Unapproved(judgement))
            : null;

    private static RuleResult? MigrationsPending(Judgement judgement)
    {
        if (judgement is not { Pending: { Count: > 0 } pending, Required: { } required })
        {
            return null;
        }

        HistoryRow? failed = judgement.State is { RunInProgress: false }
            ? judgement.Unfinished.FirstOrDefault(row => pending.Contains(row.Name, StringComparer.Ordinal))
            : null;
        return failed is not null
            ? Close(Reasons.MigrationFailed, Failed(judgement, failed))
            : Close(
                Reasons.MigrationsPending,
                $"{pending.Count} of {required.Count} migrations {(pending.Count == 1 ? "is" : "are")} not applied: {Texts.Names(pending)}. "
                + (judgement.State is { RunInProgress: true }
                    ? Texts.Running(judgement.Tool)
                    : judgement.RunProblem ?? (judgement.Spec.Migrate.Mode == MigrateMode.Job
                        ? "A Job applies them as soon as nothing else closes the gate."
                        : $"Apply with {Texts.Apply(judgement.Tool)}.")));
    }

    private static RuleResult Close(string reason, string message) => new(Closes: true, reason, message);

    private static RuleResult? Judge(PolicyMode policy, IReadOnlyList<string> names, string reason, Func<string, string> message) =>
        names.Count == 0 || policy == PolicyMode.Ignore ? null : new(policy == PolicyMode.Block, reason, message(Texts.Names(names)));

    private static RuleResult? Blocking(Judgement judgement, string reason, Func<Finding, bool> concerns)
    {
        List<Finding> findings = judgement.Findings.Where(finding => finding.Severity == FindingSeverity.Blocking && concerns(finding))
            .ToList();
        return findings.Count == 0 ? null : Close(reason, Texts.Findings(judgement.Image!.DocumentPath, findings));
    }

    /// <summary>Warnings stand in the condition; they close nothing.</summary>
    private static RuleResult? Reported(Judgement judgement, string reason, Func<Finding, bool> concerns)
    {
        List<Finding> findings = judgement.Findings.Where(finding => finding.Severity == FindingSeverity.Warning && concerns(finding))
            .ToList();
        return findings.Count == 0 ? null : new(Closes: false, reason, Texts.Findings(judgement.Image!.DocumentPath, findings));
    }
}
