using System.Globalization;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Gates.Wording;

/// <summary>Phrases that several messages share. A message is stable: it changes only when what it says changes, so no ages.</summary>
internal static class Phrases
{
    /// <summary>How many of a list are named.</summary>
    public const int Shown = 5;

    /// <summary>An image's files and a server's words are strangers': what they make of a message must fit into an annotation.</summary>
    private const int LongestMessage = 2048;

    public static string Bounded(string message, int longest = LongestMessage) => BoundedText.Of(message, longest);

    /// <summary>Others' words, with something to be said behind them.</summary>
    public static string Sentence(string words) => words.TrimEnd() is [.., '.' or '!' or '?' or '…'] text ? text : $"{words.TrimEnd()}.";

    /// <summary>RFC 3339 in UTC, whole seconds, as Kubernetes writes times.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    public static string Names(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(Shown)) + (names.Count > Shown ? $" and {names.Count - Shown} more" : "");

    public static string AllApplied(int required) => required switch
    {
        0 => "No migration is required.",
        1 => "The one required migration is applied.",
        _ => $"All {required} required migrations are applied.",
    };

    /// <summary>A sentence to add, or nothing.</summary>
    public static string Squashed(IReadOnlyList<string> names)
    {
        (string what, string does) = names.Count == 1 ? ("One migration", "does") : ($"{names.Count} migrations", "do");
        return names.Count == 0
            ? ""
            : $" {what} of its past that the image's first one replaced (a squash) {does} not count: {Names(names)}.";
    }

    /// <summary>What applies migrations, in backquotes.</summary>
    public static string Apply(MigrationTool tool) =>
        (tool == MigrationTool.Prisma ? "`schemagate migrate` or " : "") + $"`{ToolGuide.Of(tool).Apply}`";
}
