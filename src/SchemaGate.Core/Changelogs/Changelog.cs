namespace SchemaGate.Core.Changelogs;

/// <summary>A parsed changelog document: its entries, and what the document itself says wrongly.</summary>
public sealed record Changelog(IReadOnlyList<ChangelogEntry> Entries, IReadOnlyList<Finding> Findings)
{
    /// <summary>The number of entries with this status.</summary>
    public int Count(ChangelogStatus status) => Entries.Count(entry => entry.Status == status);
}
