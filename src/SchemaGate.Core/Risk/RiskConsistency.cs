using SchemaGate.Core.Changelogs;

namespace SchemaGate.Core.Risk;

/// <summary>Holds the document's risk levels to what the SQL does.</summary>
public static class RiskConsistency
{
    /// <summary>
    /// One finding for each entry that states less risk than its migration's SQL has. An entry that states none claims nothing.
    /// </summary>
    /// <param name="changelog">The document.</param>
    /// <param name="risks">The verdicts of the migrations beside it.</param>
    /// <param name="applied">What the database has applied, which nobody can change any more; null where it is not known.</param>
    /// <param name="mismatch">What it does to a gate.</param>
    public static IEnumerable<Finding> Check(
        Changelog changelog, IReadOnlyList<MigrationRisk> risks, IReadOnlySet<string>? applied, PolicyMode mismatch)
    {
        if (mismatch == PolicyMode.Ignore)
        {
            return [];
        }

        FindingSeverity severity = mismatch == PolicyMode.Block ? FindingSeverity.Blocking : FindingSeverity.Warning;
        Dictionary<string, MigrationRisk> pending = risks.Where(risk => applied?.Contains(risk.Migration) != true)
            .ToDictionary(risk => risk.Migration, StringComparer.Ordinal);
        HashSet<string> files = risks.Select(risk => risk.Migration).ToHashSet(StringComparer.Ordinal);
        return changelog.Entries.Where(entry => entry.Risk is not null).SelectMany(entry => DocumentedChange.Of(entry, files).Migrations
            .Select(pending.GetValueOrDefault).OfType<MigrationRisk>()
            .Where(risk => entry.Risk < risk.LeastLevel)
            .Select(risk => new Finding(FindingIds.RiskUnderstated, severity, Message(entry, risk), Place(entry), risk.Migration)));
    }

    private static string Message(ChangelogEntry entry, MigrationRisk risk)
    {
        string cause = risk.Findings.Where(finding => finding.Weighs || finding.Categories.HasFlag(RiskCategories.Unjudged))
            .MaxBy(finding => finding.Severity) is { } worst ? $" (line {worst.Span.Line}: {worst.Message.TrimEnd('.')})" : "";
        return $"'{risk.Migration}' is stated as {entry.Risk}, and its SQL is {risk.LeastLevel}{cause}: state {risk.LeastLevel}, "
            + "or change the migration.";
    }

    private static SourceSpan Place(ChangelogEntry entry) => (entry.Field("Risk Level") ?? entry.Field("Risk"))?.Span ?? entry.Span;
}
