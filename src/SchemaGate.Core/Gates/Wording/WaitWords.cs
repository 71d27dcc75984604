using System.Collections.Frozen;

namespace SchemaGate.Core.Gates.Wording;

/// <summary>For whom a gate that is not open waits, by its reason.</summary>
public static class WaitWords
{
    private const string Editor = "whoever may edit the gate";
    private const string Publisher = "whoever publishes the image";
    private const string Registry = "the registry";
    private const string Database = "the database, or whoever looks after it";
    private const string Applier = "whoever applies the migrations";
    private const string Administrator = "whoever looks after the database";
    private const string Operator = "the operator";
    private const string Run = "the run that is under way";

    private static readonly FrozenDictionary<string, string> s_words = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Reasons.SpecInvalid] = Editor,
        [Reasons.Suspended] = Editor,
        [Reasons.ImageReferenceInvalid] = Editor,
        [Reasons.RegistryUnreachable] = Registry,
        [Reasons.StillReading] = Registry,
        [Reasons.RegistryAccessDenied] = Editor,
        [Reasons.ImageNotFound] = Publisher,
        [Reasons.ImageInvalid] = Publisher,
        [Reasons.ChangelogNotFound] = Publisher,
        [Reasons.MigrationsNotFound] = Publisher,
        [Reasons.MigrationsInvalid] = Publisher,
        [Reasons.ChangelogInvalid] = Publisher,
        [Reasons.PendingChanges] = Publisher,
        [Reasons.MigrationFileMissing] = Publisher,
        [Reasons.UndocumentedMigration] = Publisher,
        [Reasons.ChangelogInconsistent] = Publisher,
        [Reasons.SecretNotFound] = Editor,
        [Reasons.DatabaseUrlInvalid] = Editor,
        [Reasons.DatabaseMissing] = Administrator,
        [Reasons.DatabaseUnreachable] = Database,
        [Reasons.DatabaseAccessDenied] = Administrator,
        [Reasons.DatabaseIsStandby] = Editor,
        [Reasons.HistoryUnreadable] = Administrator,
        [Reasons.BaselineRequired] = Applier,
        [Reasons.Migrating] = Run,
        [Reasons.MigrationFailed] = Applier,
        [Reasons.MigrationRetrying] = "the run's next attempt",
        [Reasons.HistoryRegressed] = Administrator,
        [Reasons.MigrationEdited] = Publisher,
        [Reasons.MigrationOutOfOrder] = Publisher,
        [Reasons.DatabaseAhead] = Publisher,
        [Reasons.DeployedNotApplied] = Administrator,
        [Reasons.RiskUnderstated] = Publisher,
        [Reasons.RiskNotJudged] = Operator,
        [Reasons.ApprovalRequired] = "somebody with the verb approve on the gate",
        [Reasons.MigrationsPending] = Applier,
        [Reasons.AwaitingDecision] = Operator,
        [Reasons.GateNotFound] = "whoever may create the gate",
        [Reasons.WriteRefused] = "whoever looks after the cluster",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <param name="reason">The gate's.</param>
    /// <param name="runs">Whether the gate applies its migrations itself.</param>
    /// <returns>A phrase; null where it waits for nobody, or the reason is another version's.</returns>
    public static string? For(string reason, bool runs) =>
        runs && reason == Reasons.MigrationsPending ? "the gate's own run" : s_words.GetValueOrDefault(reason);
}
