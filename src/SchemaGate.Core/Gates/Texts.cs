using System.Globalization;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Gates;

/// <summary>Phrases that several messages share. A message is stable: it changes only when what it says changes, so no ages.</summary>
internal static class Texts
{
    private const int Shown = 5;

    /// <summary>An image's files and a server's words are strangers': what they make of a message must fit into an annotation.</summary>
    private const int LongestMessage = 2048;

    public static string Bounded(string message, int longest = LongestMessage) => BoundedText.Of(message, longest);

    /// <summary>RFC 3339 in UTC, whole seconds, as Kubernetes writes times.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    public static string Names(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(Shown)) + (names.Count > Shown ? $" and {names.Count - Shown} more" : "");

    public static string Findings(string document, IReadOnlyList<Finding> findings) =>
        string.Join(" ", findings.Take(Shown).Select(finding => Finding(document, finding)))
        + (findings.Count > Shown ? $" And {findings.Count - Shown} more: see `schemagate verify`." : "");

    /// <summary>A sentence to add, or nothing.</summary>
    public static string Squashed(IReadOnlyList<string> names) => names.Count == 0 ? ""
        : $" {(names.Count == 1 ? "One migration" : $"{names.Count} migrations")} of its past that the image's first one replaced (a squash) {(names.Count == 1 ? "does" : "do")} not count: {Names(names)}.";

    /// <param name="isOneTransaction">Whether <c>schemagate migrate</c> runs it in one; null where nobody has read its SQL.</param>
    public static string Failed(HistoryRow row, MigrationTool tool, bool? isOneTransaction) =>
        $"{row.Name} was begun{At(" on ", row)} and has not finished{Cause(row.Logs)}. "
        + (tool == MigrationTool.Prisma
            ? WaysOut(ShellWord.Of(row.Name), isOneTransaction)
            : $"See what of it is in the database, then {ToolGuide.Of(tool).AfterFailure}.");

    /// <summary>When a row was begun, behind a word; nothing where its tool keeps no time.</summary>
    public static string At(string word, HistoryRow row) => row.StartedAt == DateTimeOffset.MinValue ? "" : $"{word}{Time(row.StartedAt)}";

    /// <summary>What applies migrations, in backquotes.</summary>
    public static string Apply(MigrationTool tool)
        => (tool == MigrationTool.Prisma ? "`schemagate migrate` or " : "") + $"`{ToolGuide.Of(tool).Apply}`";

    /// <summary>What makes a history say that a migration is applied, as a clause.</summary>
    public static string Record(string migration, MigrationTool tool) => tool == MigrationTool.Prisma
        ? $"`schemagate resolve --applied {ShellWord.Of(migration)}`"
        : $"put its row back into {ToolGuide.Of(tool).Table}";

    /// <summary>A lock that is a row in a table outlives who took it.</summary>
    public static string Running(MigrationTool tool) => ToolGuide.Of(tool) is { AfterCrash: { } command } guide
        ? $"{guide.Name}'s lock is held: a run is in progress, or one has died. If nobody runs, `{command}`."
        : "A run is in progress; the gate looks again by itself.";

    /// <summary>Who has to choose is told what to look at: the row is the same whatever is left.</summary>
    private static string WaysOut(string name, bool? isOneTransaction)
    {
        string again = $"`schemagate resolve --rolled-back {name}` lets it run again";
        string done = $"`schemagate resolve --applied {name}` says that it is done";
        return isOneTransaction switch
        {
            true => $"`schemagate migrate` runs it in one transaction: if that ran it, nothing of it remains, and {again}. Another tool may have committed a part of it "
                + $"(Prisma does since 7.4): see what of it is in the database; if all is, {done}.",
            false => "It runs statement by statement, and what those before the last one did remains: see what of it is in the database. "
                + $"If nothing is, {again}; if all is, {done}; if a part is, take that back or do the rest by hand first.",
            null => $"See what of it is in the database. If nothing is, {again}; if all is, {done}; if a part is, take that back or do the rest by hand first.",
        };
    }

    private static string Finding(string document, Finding finding) =>
        finding.Span is { } span ? $"{document}:{span.Line}: {finding.Message}" : finding.Message;

    /// <summary>The server's own sentence; the rest of a log may quote SQL or data, which belong into no status.</summary>
    private static string Cause(string? logs)
    {
        string line = (logs ?? "").Split('\n').Select(part => part.Trim())
            .FirstOrDefault(part => part.Contains("ERROR:", StringComparison.Ordinal)) ?? "";
        return line.Length == 0 ? "" : $" ({(line.Length > 200 ? line[..200] + "…" : line)})";
    }
}
