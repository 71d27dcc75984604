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

/// <summary>One bold-labelled bullet of an entry.</summary>
/// <param name="Label">The label as written, without colon or emphasis: <c>Risk Level</c>.</param>
/// <param name="Text">The bullet's own text, inline markup removed; empty when only nested bullets follow.</param>
/// <param name="Items">The texts of its nested bullets, in order, inline markup removed.</param>
/// <param name="Span">The bullet's first line.</param>
public sealed record ChangelogField(string Label, string Text, IReadOnlyList<string> Items, SourceSpan Span);

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
    /// <summary>The first bullet with this label (case ignored), or null.</summary>
    public ChangelogField? Field(string label) =>
        Fields.FirstOrDefault(field => string.Equals(field.Label, label, StringComparison.OrdinalIgnoreCase));
}
