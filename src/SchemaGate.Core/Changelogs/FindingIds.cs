namespace SchemaGate.Core.Changelogs;

/// <summary>The stable ids of findings, as printed in reports.</summary>
public static class FindingIds
{
    public const string PendingChange = "pending-change";
    public const string MigrationFileMissing = "migration-file-missing";
    public const string UndocumentedMigration = "undocumented-migration";
    public const string DuplicateEntry = "duplicate-entry";
    public const string UnknownStatus = "unknown-status";
    public const string StatusSectionMismatch = "status-section-mismatch";
    public const string EmptyEntry = "empty-entry";
    public const string NotAChangelog = "not-a-changelog";
    public const string MigrationFileMismatch = "migration-file-mismatch";
    public const string DeployedNotApplied = "deployed-not-applied";
    public const string AppliedNotDeployed = "applied-not-deployed";
    public const string RollbackMissing = "rollback-missing";
    public const string DateInvalid = "date-invalid";
    public const string RiskUnderstated = "risk-understated";
    public const string DescriptionMissing = "description-missing";

    /// <summary>One of the three sections is not there.</summary>
    public const string SectionMissing = "section-missing";

    /// <summary>A part of the document that Markdown hides from the reader: an open fence or comment, a heading inside HTML.</summary>
    public const string UnreadableBlock = "unreadable-block";

    /// <summary>A bullet in the Migrated or Deployed section that belongs to no entry.</summary>
    public const string LooseContent = "loose-content";

    /// <summary>DEPLOYED somewhere else than in production; or MIGRATED, with a date of deployment.</summary>
    public const string StatusQualified = "status-qualified";

    /// <summary>Code in the Pending section that shows how an entry is written.</summary>
    public const string TemplateSkipped = "template-skipped";

    /// <summary>An entry is PENDING although its migration file exists: only its status is left to change.</summary>
    public const string MigrationFileExists = "migration-file-exists";
}
