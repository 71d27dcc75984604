using System.Collections.Frozen;

namespace SchemaGate.Core.Gates;

/// <summary>Who can open a gate that is closed.</summary>
public enum Opener
{
    /// <summary>It opens by itself, or is open.</summary>
    Nobody,

    /// <summary>Whoever writes the changelog and the migrations, and builds the image.</summary>
    Author,

    /// <summary>Whoever may edit the gate and its Secrets.</summary>
    Owner,

    /// <summary>Whoever applies migrations and corrects the history.</summary>
    Runner,

    /// <summary>Whoever may approve a risky plan.</summary>
    Approver,

    /// <summary>Whoever looks after the database's server.</summary>
    Database,

    /// <summary>Whoever looks after the registry, the cluster and SchemaGate itself.</summary>
    Platform,
}

/// <summary>One row for every reason that a gate can have.</summary>
public static class Openers
{
    public static FrozenDictionary<string, Opener> Rows { get; } = new Dictionary<string, Opener>(StringComparer.Ordinal)
    {
        [Reasons.SpecInvalid] = Opener.Owner,
        [Reasons.Suspended] = Opener.Owner,
        [Reasons.ImageReferenceInvalid] = Opener.Owner,
        [Reasons.RegistryUnreachable] = Opener.Platform,
        [Reasons.StillReading] = Opener.Nobody,
        [Reasons.RegistryAccessDenied] = Opener.Owner,
        [Reasons.ImageNotFound] = Opener.Author,
        [Reasons.ImageInvalid] = Opener.Author,
        [Reasons.ImageUnsigned] = Opener.Author,
        [Reasons.SignatureInvalid] = Opener.Author,
        [Reasons.VerificationKeyInvalid] = Opener.Owner,
        [Reasons.ChangelogNotFound] = Opener.Author,
        [Reasons.MigrationsNotFound] = Opener.Author,
        [Reasons.MigrationsInvalid] = Opener.Author,
        [Reasons.ChangelogInvalid] = Opener.Author,
        [Reasons.PendingChanges] = Opener.Author,
        [Reasons.MigrationFileMissing] = Opener.Author,
        [Reasons.UndocumentedMigration] = Opener.Author,
        [Reasons.ChangelogInconsistent] = Opener.Author,
        [Reasons.SecretNotFound] = Opener.Owner,
        [Reasons.DatabaseUrlInvalid] = Opener.Owner,
        [Reasons.DatabaseMissing] = Opener.Runner,
        [Reasons.DatabaseUnreachable] = Opener.Database,
        [Reasons.DatabaseAccessDenied] = Opener.Database,
        [Reasons.DatabaseIsStandby] = Opener.Owner,
        [Reasons.HistoryUnreadable] = Opener.Database,
        [Reasons.BaselineRequired] = Opener.Runner,
        [Reasons.Migrating] = Opener.Nobody,
        [Reasons.MigrationFailed] = Opener.Runner,
        [Reasons.MigrationRetrying] = Opener.Nobody,
        [Reasons.HistoryRegressed] = Opener.Runner,
        [Reasons.MigrationEdited] = Opener.Author,
        [Reasons.MigrationOutOfOrder] = Opener.Author,
        [Reasons.DatabaseAhead] = Opener.Owner,
        [Reasons.DeployedNotApplied] = Opener.Runner,
        [Reasons.RiskUnderstated] = Opener.Author,
        [Reasons.RiskNotJudged] = Opener.Nobody,
        [Reasons.SchemaDrifted] = Opener.Runner,
        [Reasons.DriftNotJudged] = Opener.Database,
        [Reasons.Rehearsing] = Opener.Nobody,
        [Reasons.RehearsalFailed] = Opener.Author,
        [Reasons.RehearsalUnavailable] = Opener.Database,
        [Reasons.StatementsBroken] = Opener.Author,
        [Reasons.StatementsNotProven] = Opener.Database,
        [Reasons.ContractWaits] = Opener.Nobody,
        [Reasons.ContractStuck] = Opener.Author,
        [Reasons.ApprovalRequired] = Opener.Approver,
        [Reasons.MigrationsPending] = Opener.Runner,
        [Reasons.WriteRefused] = Opener.Platform,
        [Reasons.Open] = Opener.Nobody,
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
