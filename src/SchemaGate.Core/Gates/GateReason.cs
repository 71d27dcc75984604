using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates.Drifting;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Gates.Wording;

namespace SchemaGate.Core.Gates;

/// <summary>What a rule found: facts, without a word about them. The set is closed; <see cref="GateWords"/> has the sentences.</summary>
/// <param name="Reason">A constant of <see cref="Reasons"/>.</param>
/// <param name="Closes">Whether it closes; a policy that only warns reports without closing.</param>
public abstract record GateReason(string Reason, bool Closes = true)
{
    /// <summary>One or two sentences: the migration, the file and line, and what to do next. Bounded.</summary>
    public string Message => GateWords.Of(this);

    public sealed record SpecInvalid(IReadOnlyList<string> Problems) : GateReason(Reasons.SpecInvalid);

    public sealed record Suspended() : GateReason(Reasons.Suspended);

    /// <summary>A witness that could not be read says why itself.</summary>
    public sealed record Unread(string Reason, string Cause, bool Closes = true) : GateReason(Reason, Closes);

    /// <summary>What the decision rests on was not read, and nothing says why.</summary>
    public sealed record NotRead() : GateReason(Reasons.NotRead);

    public sealed record MigrationsInvalid(string Image, IReadOnlyList<string> Problems) : GateReason(Reasons.MigrationsInvalid);

    /// <summary>What the document says wrongly.</summary>
    public sealed record Document(string Reason, bool Closes, string Path, IReadOnlyList<Finding> Findings) : GateReason(Reason, Closes);

    public sealed record DatabaseIsStandby() : GateReason(Reasons.DatabaseIsStandby);

    /// <param name="Migrations">Whose the image's migrations are; null where a migration is named alone.</param>
    public sealed record HistoryForeign(MigrationTool History, MigrationTool? Migrations) : GateReason(Reasons.HistoryUnreadable);

    public sealed record BaselineRequired(string Schema, MigrationTool Tool) : GateReason(Reasons.BaselineRequired);

    /// <param name="Run">The run that is at work.</param>
    public sealed record JobAtWork(RunEvidence Run, IReadOnlyList<string> Pending, int Retries) : GateReason(Reasons.Migrating);

    /// <param name="Holder">Who holds the lock; null where that is not known.</param>
    public sealed record SomebodyAtWork(HistoryRow Row, LockHolder? Holder) : GateReason(Reasons.Migrating);

    /// <param name="InOneTransaction">Whether <c>schemagate migrate</c> runs it in one; null where nobody has read its SQL.</param>
    /// <param name="LeftBy">The run that left it so without a word about any migration; null where that is not known.</param>
    public sealed record Unfinished(HistoryRow Row, MigrationTool Tool, bool? InOneTransaction, RunRecord? LeftBy = null)
        : GateReason(Reasons.MigrationFailed);

    /// <param name="Unresolved">Whether a migration is left unfinished, which keeps every run from beginning.</param>
    public sealed record RunFailed(string Reason, RunEvidence Run, int Retries, bool Unresolved) : GateReason(Reason);

    public sealed record HistoryRegressed(Release Lost, MigrationTool Tool) : GateReason(Reasons.HistoryRegressed);

    public sealed record MigrationEdited(IReadOnlyList<string> Names, MigrationTool Tool, bool Closes)
        : GateReason(Reasons.MigrationEdited, Closes);

    public sealed record MigrationOutOfOrder(IReadOnlyList<string> Names, bool Closes) : GateReason(Reasons.MigrationOutOfOrder, Closes);

    /// <summary>They count as applied by a later version alone, and were added after it as far as the document tells.</summary>
    public sealed record NeverRun(IReadOnlyList<string> Names, MigrationTool Tool, bool Closes)
        : GateReason(Reasons.MigrationOutOfOrder, Closes);

    /// <param name="Squashed">What the image lacks, too, and does not count.</param>
    public sealed record DatabaseAhead(IReadOnlyList<string> Names, IReadOnlyList<string> Squashed, bool Closes)
        : GateReason(Reasons.DatabaseAhead, Closes);

    public sealed record SchemaDrifted(DriftRecord Found, bool Closes) : GateReason(Reasons.SchemaDrifted, Closes);

    /// <summary>The schema was not compared with what the migrations build.</summary>
    public sealed record NotCompared(DriftUnread Why, bool Closes) : GateReason(Reasons.DriftNotJudged, Closes);

    /// <param name="Record">The rehearsal that is awaited; null while it has not begun.</param>
    public sealed record Rehearsing(RunEvidence Run, RehearsalRecord? Record, IReadOnlyList<string> Pending)
        : GateReason(Reasons.Rehearsing);

    public sealed record RehearsalFailed(RunEvidence Run, RehearsalRecord Record) : GateReason(Reasons.RehearsalFailed);

    /// <param name="Obstacle">Why none can be; null where one was tried.</param>
    public sealed record RehearsalUnavailable(RunEvidence? Run, RunObstacle? Obstacle, RehearsalRecord? Record)
        : GateReason(Reasons.RehearsalUnavailable, Closes: false);

    /// <param name="IsAtWork">Whether they are being applied.</param>
    internal sealed record StatementsBroken(Contract Contract, bool IsAtWork, bool Closes)
        : GateReason(Reasons.StatementsBroken, Closes);

    /// <param name="Cause">Why not, in a sentence; null where nobody says.</param>
    /// <param name="Contract">What may break running code by its SQL; null where nothing does.</param>
    /// <param name="IsAtWork">Whether it is being applied.</param>
    internal sealed record StatementsNotProven(string? Cause, Contract? Contract, bool IsAtWork, bool Closes)
        : GateReason(Reasons.StatementsNotProven, Closes);

    /// <param name="Runs">Whether the gate runs its migrations itself.</param>
    internal sealed record ContractWaits(Contract Contract, bool Runs, bool Closes) : GateReason(Reasons.ContractWaits, Closes);

    internal sealed record ContractStuck(RunEvidence Run, Contract Contract, bool Closes) : GateReason(Reasons.ContractStuck, Closes);

    /// <param name="Plan">What waits; its hash is what can be approved.</param>
    public sealed record ApprovalRequired(RunEvidence Run, IReadOnlyList<string> Pending, PlanSummary? Plan)
        : GateReason(Reasons.ApprovalRequired);

    /// <param name="Beside">What else has to be known before they are applied; null where nothing has.</param>
    public sealed record MigrationsPending(IReadOnlyList<string> Pending, int Required, AppliedBy By, PendingBeside? Beside = null)
        : GateReason(Reasons.MigrationsPending);
}

/// <summary>Who is to apply what is pending.</summary>
public abstract record AppliedBy
{
    private AppliedBy()
    {
    }

    /// <summary>Somebody holds the lock.</summary>
    public sealed record WhoRuns(MigrationTool Tool, LockHolder? Holder) : AppliedBy;

    /// <summary>A Job should, and none can be made.</summary>
    public sealed record Nobody(RunObstacle Obstacle) : AppliedBy;

    public sealed record Job : AppliedBy;

    public sealed record Others(MigrationTool Tool) : AppliedBy;
}
