namespace SchemaGate.Core.Changelogs;

/// <summary>The three states of a schema change (the document's own legend).</summary>
public enum ChangelogStatus
{
    /// <summary>The schema changed, no migration file exists: blocks deployment.</summary>
    Pending,

    /// <summary>The migration file exists and is ready for deployment.</summary>
    Migrated,

    /// <summary>Applied to production.</summary>
    Deployed,
}

/// <summary>One labelled bullet of an entry.</summary>
/// <param name="Label">The label as written, without colon or emphasis: <c>Risk Level</c>; empty for a bullet that has none.</param>
/// <param name="Text">The bullet's own text, inline markup removed; empty when only nested bullets follow.</param>
/// <param name="Items">The texts of its nested bullets, in order, inline markup removed.</param>
/// <param name="Span">The bullet's first line.</param>
public sealed record ChangelogField(string Label, string Text, IReadOnlyList<string> Items, SourceSpan Span)
{
    /// <summary>The destination of the text's first link, or null.</summary>
    public string? Link { get; init; }

    /// <summary>The SQL in code blocks below it, as it is written.</summary>
    public IReadOnlyList<string> Code { get; init; } = [];

    /// <summary>Whether code or a quote stands below it, which is no part of its text.</summary>
    public bool HasBlock { get; init; }

    /// <summary>Whether anything stands behind the label.</summary>
    public bool HasContent => Text.Length > 0 || Items.Count > 0 || HasBlock;
}

/// <summary>One <c>### migration name</c> entry.</summary>
/// <param name="Name">The heading's text: a migration's name, or a free title for a change that has no migration yet.</param>
/// <param name="Status">The stated status; without a Status bullet, or with one that is unknown, the section's.</param>
/// <param name="Section">The section that the entry stands in.</param>
/// <param name="Span">The heading.</param>
/// <param name="Fields">Its bullets in the order of the document.</param>
public sealed record ChangelogEntry(
    string Name,
    ChangelogStatus Status,
    ChangelogStatus Section,
    SourceSpan Span,
    IReadOnlyList<ChangelogField> Fields)
{
    /// <summary>Whether it blocks: its status is PENDING, or it stands in the Pending section whatever its status says.</summary>
    public bool IsPending => Status == ChangelogStatus.Pending || Section == ChangelogStatus.Pending;

    /// <summary>The stated risk, or null where none is stated or the word is unknown.</summary>
    public RiskLevel? Risk => RiskText.Parse((Field("Risk Level") ?? Field("Risk"))?.Text ?? "");

    /// <summary>
    /// The migrations that the Migration File bullet names, such as by <c>prisma/migrations/NAME/migration.sql</c>; often empty.
    /// </summary>
    public IReadOnlyList<string> MigrationFiles { get; } = MigrationFileText.Names(Fields);

    /// <summary>The first bullet with this label (case ignored), or null.</summary>
    public ChangelogField? Field(string label) =>
        Fields.FirstOrDefault(field => string.Equals(field.Label, label, StringComparison.OrdinalIgnoreCase));
}
