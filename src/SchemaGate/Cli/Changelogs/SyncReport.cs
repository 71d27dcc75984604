using System.Globalization;
using SchemaGate.Core.Changelogs.Syncing;

namespace SchemaGate.Cli.Changelogs;

/// <summary>What a document was told by databases or a gate.</summary>
/// <param name="Deployed">Entries that came to the Deployed section.</param>
/// <param name="Dated">Fields of other environments that got their day.</param>
/// <param name="Told">What stays though something was applied, and why.</param>
internal sealed record SyncReport(
    string Document, bool Changed, bool Written, IReadOnlyList<SyncedLine> Deployed, IReadOnlyList<SyncedLine> Dated,
    IReadOnlyList<string> Told, IReadOnlyList<string> Diff)
{
    public static SyncReport Of(SyncPlan plan, EditReport edit) => new(
        edit.Document, edit.Changed, edit.Written, [.. plan.Deployed.Select(SyncedLine.Of)], [.. plan.Dated.Select(SyncedLine.Of)],
        plan.Told, edit.Diff);
}

/// <param name="Day">As yyyy-MM-dd; null where nobody kept it.</param>
internal sealed record SyncedLine(string Name, string? Environment, string? Day)
{
    public static SyncedLine Of(SyncedEntry entry) =>
        new(entry.Name, entry.Environment, entry.Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
}
