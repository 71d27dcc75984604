using System.Collections.Frozen;

namespace SchemaGate.Core.Gates;

/// <summary>A gate's verdict in one word.</summary>
public enum Verdict
{
    Open,
    Blocked,
    Migrating,

    /// <summary>A witness could not be asked: neither open nor known to be blocked.</summary>
    Unknown,
}

/// <summary>What a reason means for the kstatus conditions.</summary>
/// <param name="Verdict">The gate's verdict.</param>
/// <param name="Stalled">
/// Whether only a change of the resource or of the failed thing itself, and no waiting, can end it. Everything else that is closed
/// reconciles: a deploy tool must not give up on it.
/// </param>
public readonly record struct ReasonRow(Verdict Verdict, bool Stalled)
{
    public bool Ready => Verdict == Verdict.Open;

    public bool Reconciling => !Ready && !Stalled;
}

/// <summary>One row for every reason that can close or open a gate.</summary>
public static class ReasonTable
{
    private static readonly ReasonRow Waiting = new(Verdict.Blocked, Stalled: false);
    private static readonly ReasonRow Unread = new(Verdict.Unknown, Stalled: false);

    public static FrozenDictionary<string, ReasonRow> Rows { get; } = new Dictionary<string, ReasonRow>(StringComparer.Ordinal)
    {
        [Reasons.SpecInvalid] = new(Verdict.Blocked, Stalled: true),
        [Reasons.Suspended] = Waiting,
        [Reasons.ImageReferenceInvalid] = new(Verdict.Blocked, Stalled: true),
        [Reasons.RegistryUnreachable] = Unread,
        [Reasons.StillReading] = Unread,
        [Reasons.RegistryAccessDenied] = Unread,
        [Reasons.ImageNotFound] = Waiting,
        [Reasons.ImageInvalid] = Waiting,
        [Reasons.ImageUnsigned] = Waiting,
        [Reasons.SignatureInvalid] = Waiting,
        [Reasons.VerificationKeyInvalid] = Waiting,
        [Reasons.ChangelogNotFound] = Waiting,
        [Reasons.MigrationsNotFound] = Waiting,
        [Reasons.MigrationsInvalid] = Waiting,
        [Reasons.ChangelogInvalid] = Waiting,
        [Reasons.PendingChanges] = Waiting,
        [Reasons.MigrationFileMissing] = Waiting,
        [Reasons.UndocumentedMigration] = Waiting,
        [Reasons.ChangelogInconsistent] = Waiting,
        [Reasons.SecretNotFound] = Waiting,
        [Reasons.DatabaseUrlInvalid] = Waiting,
        [Reasons.DatabaseMissing] = Waiting,
        [Reasons.DatabaseUnreachable] = Unread,
        [Reasons.DatabaseAccessDenied] = Unread,
        [Reasons.DatabaseIsStandby] = Waiting,
        [Reasons.HistoryUnreadable] = Unread,
        [Reasons.BaselineRequired] = Waiting,
        [Reasons.Migrating] = new(Verdict.Migrating, Stalled: false),
        [Reasons.MigrationFailed] = new(Verdict.Blocked, Stalled: true),
        [Reasons.MigrationRetrying] = Waiting,
        [Reasons.HistoryRegressed] = Waiting,
        [Reasons.MigrationEdited] = Waiting,
        [Reasons.MigrationOutOfOrder] = Waiting,
        [Reasons.DatabaseAhead] = Waiting,
        [Reasons.DeployedNotApplied] = Waiting,
        [Reasons.RiskUnderstated] = Waiting,
        [Reasons.RiskNotJudged] = Unread,
        [Reasons.SchemaDrifted] = Waiting,
        [Reasons.DriftNotJudged] = Unread,
        [Reasons.Rehearsing] = Waiting,
        [Reasons.RehearsalFailed] = new(Verdict.Blocked, Stalled: true),
        [Reasons.RehearsalUnavailable] = Waiting,
        [Reasons.StatementsBroken] = Waiting,
        [Reasons.StatementsNotProven] = Waiting,
        [Reasons.ApprovalRequired] = Waiting,
        [Reasons.ContractWaits] = Waiting,
        [Reasons.ContractStuck] = new(Verdict.Blocked, Stalled: true),
        [Reasons.MigrationsPending] = Waiting,
        [Reasons.Open] = new(Verdict.Open, Stalled: false),
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
