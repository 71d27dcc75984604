namespace SchemaGate.Cli.Changelogs;

/// <summary>What became of a document.</summary>
/// <param name="Changed">Whether the result differs from what was there.</param>
/// <param name="Written">Whether it was written.</param>
/// <param name="Diff">The difference as a unified diff, a line each.</param>
internal sealed record EditReport(string Document, bool Changed, bool Written, IReadOnlyList<string> Diff)
{
    public static EditReport Of(DocumentFile file, string before, string after, bool isDry) =>
        new(file.Shown, before != after, before != after && !isDry, UnifiedDiff.Of(before, after, file.Shown));
}
