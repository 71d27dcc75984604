namespace SchemaGate.Core.Gates;

/// <summary>The reasons of conditions, decisions and holds: documented constants, never built at run time.</summary>
public static class Reasons
{
    public const string SpecInvalid = nameof(SpecInvalid);
    public const string Suspended = nameof(Suspended);

    public const string ImageReferenceInvalid = nameof(ImageReferenceInvalid);
    public const string RegistryUnreachable = nameof(RegistryUnreachable);

    /// <summary>A look at the gate does not wait for what takes long.</summary>
    public const string StillReading = nameof(StillReading);

    public const string RegistryAccessDenied = nameof(RegistryAccessDenied);
    public const string ImageNotFound = nameof(ImageNotFound);
    public const string ImageInvalid = nameof(ImageInvalid);

    /// <summary>A signature is required, and the image has none.</summary>
    public const string ImageUnsigned = nameof(ImageUnsigned);

    /// <summary>It has some, and none is of a required key and of this image.</summary>
    public const string SignatureInvalid = nameof(SignatureInvalid);

    /// <summary>What is to verify signatures is no key that can.</summary>
    public const string VerificationKeyInvalid = nameof(VerificationKeyInvalid);

    public const string ChangelogNotFound = nameof(ChangelogNotFound);
    public const string MigrationsNotFound = nameof(MigrationsNotFound);
    public const string MigrationsInvalid = nameof(MigrationsInvalid);
    public const string ChangelogInvalid = nameof(ChangelogInvalid);

    public const string PendingChanges = nameof(PendingChanges);
    public const string MigrationFileMissing = nameof(MigrationFileMissing);
    public const string UndocumentedMigration = nameof(UndocumentedMigration);
    public const string ChangelogInconsistent = nameof(ChangelogInconsistent);

    public const string SecretNotFound = nameof(SecretNotFound);
    public const string DatabaseUrlInvalid = nameof(DatabaseUrlInvalid);
    public const string DatabaseMissing = nameof(DatabaseMissing);
    public const string DatabaseUnreachable = nameof(DatabaseUnreachable);
    public const string DatabaseAccessDenied = nameof(DatabaseAccessDenied);
    public const string DatabaseIsStandby = nameof(DatabaseIsStandby);

    public const string HistoryUnreadable = nameof(HistoryUnreadable);
    public const string BaselineRequired = nameof(BaselineRequired);
    public const string Migrating = nameof(Migrating);
    public const string MigrationFailed = nameof(MigrationFailed);
    public const string MigrationRetrying = nameof(MigrationRetrying);
    public const string HistoryRegressed = nameof(HistoryRegressed);
    public const string MigrationEdited = nameof(MigrationEdited);
    public const string MigrationOutOfOrder = nameof(MigrationOutOfOrder);
    public const string DatabaseAhead = nameof(DatabaseAhead);
    public const string DeployedNotApplied = nameof(DeployedNotApplied);
    public const string RiskUnderstated = nameof(RiskUnderstated);
    public const string RiskNotJudged = nameof(RiskNotJudged);
    public const string SchemaDrifted = nameof(SchemaDrifted);

    /// <summary>The schema was not compared with what its migrations build.</summary>
    public const string DriftNotJudged = nameof(DriftNotJudged);

    /// <summary>The pending migrations are rehearsed, or will be.</summary>
    public const string Rehearsing = nameof(Rehearsing);

    /// <summary>A pending migration fails in a scratch database.</summary>
    public const string RehearsalFailed = nameof(RehearsalFailed);

    /// <summary>The pending migrations could not be rehearsed.</summary>
    public const string RehearsalUnavailable = nameof(RehearsalUnavailable);

    /// <summary>A pending migration breaks statements of running code.</summary>
    public const string StatementsBroken = nameof(StatementsBroken);

    /// <summary>Whether one does is not known.</summary>
    public const string StatementsNotProven = nameof(StatementsNotProven);

    /// <summary>Such a migration waits for older code to end.</summary>
    public const string ContractWaits = nameof(ContractWaits);

    /// <summary>It waits for code that ends only when it has run.</summary>
    public const string ContractStuck = nameof(ContractStuck);

    public const string ApprovalRequired = nameof(ApprovalRequired);
    public const string MigrationsPending = nameof(MigrationsPending);
    public const string Open = nameof(Open);

    /// <summary>A witness condition that is true.</summary>
    public const string AsExpected = nameof(AsExpected);

    /// <summary>A witness condition that cannot be told, because what it rests on could not be read.</summary>
    public const string NotRead = nameof(NotRead);

    /// <summary>A workload names a gate that does not exist (yet, or any more).</summary>
    public const string GateNotFound = nameof(GateNotFound);

    /// <summary>A workload names a gate that is there and that cannot be read.</summary>
    public const string GateUnreadable = nameof(GateUnreadable);

    /// <summary>A workload's requirement cannot be read.</summary>
    public const string RequirementInvalid = nameof(RequirementInvalid);

    /// <summary>A workload names a gate without a requirement, and the gate's policy refuses that.</summary>
    public const string RequirementUnpinned = nameof(RequirementUnpinned);

    /// <summary>A new revision that nobody has judged yet.</summary>
    public const string AwaitingDecision = nameof(AwaitingDecision);

    /// <summary>A revision was released in another database than the one that its gate names now.</summary>
    public const string DatabaseChanged = nameof(DatabaseChanged);

    /// <summary>Somebody waits for a requirement that nobody has judged: no gated workload and no gate's image asks for it.</summary>
    public const string RequirementUnknown = nameof(RequirementUnknown);

    /// <summary>Nobody is kept waiting: the gate only observes.</summary>
    public const string NotEnforced = nameof(NotEnforced);

    /// <summary>A release: every required migration is applied.</summary>
    public const string Satisfied = nameof(Satisfied);

    /// <summary>A release: the revision was running when the gate first saw it.</summary>
    public const string Adopted = nameof(Adopted);

    /// <summary>A release: a person opened the gate, whatever closed it.</summary>
    public const string Overridden = nameof(Overridden);

    /// <summary>Of the condition of that name, and of Ready: what the gate lets go cannot be written.</summary>
    public const string WriteRefused = nameof(WriteRefused);

    /// <summary>Of the condition of that name: the gate's receiver has taken what it was told.</summary>
    public const string Notified = nameof(Notified);

    /// <summary>The gate's receiver is owed a notice, which is sent, or sent again.</summary>
    public const string NotifyPending = nameof(NotifyPending);

    /// <summary>The gate's receiver is owed a notice, and no waiting brings it there.</summary>
    public const string NotifyFailed = nameof(NotifyFailed);
}
