using SchemaGate.Core.Changelogs;

namespace SchemaGate.Tests.Changelogs;

/// <summary>Documents for tests, and what their parse looks like as text.</summary>
internal static class Document
{
    public static string Seed { get; } = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Changelogs", "corpus", "seed.md"));

    /// <summary>A document with the three sections and these bodies.</summary>
    public static string Of(string pending = "", string migrated = "", string deployed = "") =>
        $"# Changelog\n\n## Pending\n\n{pending}\n\n## Migrated\n\n{migrated}\n\n## Deployed\n\n{deployed}\n";

    public static Changelog Parse(string pending = "", string migrated = "", string deployed = "") =>
        ChangelogParser.Parse(Of(pending, migrated, deployed));

    /// <summary>The ids of the findings of a severity, in order, with blanks between.</summary>
    public static string Ids(this Changelog changelog, FindingSeverity severity) =>
        string.Join(' ', changelog.Findings.Where(finding => finding.Severity == severity).Select(finding => finding.Id));

    public static string Blocking(this Changelog changelog) => changelog.Ids(FindingSeverity.Blocking);

    public static Finding Only(this Changelog changelog, string id) => Assert.Single(changelog.Findings, finding => finding.Id == id);

    /// <summary>Everything that a document means, without where it stands.</summary>
    public static string Meaning(this Changelog changelog) => string.Join('\n', changelog.Entries.Select(entry =>
        $"{entry.Section}/{entry.Status} {entry.Name}\n" + string.Concat(entry.Fields.Select(field =>
            $"  {field.Label}: {field.Text}\n" + string.Concat(field.Items.Select(item => $"    {item}\n"))))))
        + string.Concat(changelog.Findings.Select(finding => $"{finding.Severity} {finding.Id} {finding.Migration}\n"));

    /// <summary>The meaning with every place.</summary>
    public static string Whole(this Changelog changelog) => changelog.Meaning()
        + string.Join('\n', changelog.Entries.SelectMany(entry => entry.Fields.Select(field => field.Span).Prepend(entry.Span)))
        + string.Join('\n', changelog.Findings.Select(finding => finding.Span));
}
