using System.Globalization;
using SchemaGate.Postgres.Proving;

namespace SchemaGate.Cli.GoBack;

/// <summary>
/// Whether the statements that a server has counted can be those of older code. <c>pg_stat_statements</c> keeps what ran since its last
/// reset, and of a statement that fails it keeps nothing: what older code asked must have been counted before its successor took its
/// place, and before the migrations that may break it ran.
/// </summary>
internal static class GoBackCoverage
{
    /// <param name="since">When the server began to count; null where the statements come from a file, whose writer knows.</param>
    /// <param name="migrated">When the first of the migrations ran that the older code's set lacks; null where nobody kept it.</param>
    /// <param name="choice">The older code's revisions.</param>
    /// <param name="all">All revisions on record.</param>
    /// <param name="wasReleased">Whether the gate has let the older code's requirement through in this database.</param>
    /// <returns>The gap, in a sentence; null where there is none to be seen.</returns>
    public static string? Gap(
        CountedSince? since, DateTimeOffset? migrated, GoBackChoice choice, IReadOnlyList<PastRevision> all,
        bool wasReleased)
    {
        if (since is not { At: var begun })
        {
            return null;
        }

        string counted = $"The server counts statements since {Minute(begun)}";
        bool isCurrent = IsCurrent(choice.Revisions, all);
        return (choice.Revisions, Replaced(choice.Revisions, all)) switch
        {
            ([], _) when !wasReleased => "No revision on record requires it, so nothing says that its statements have ever run here.",
            ([var newest, ..], null) when !isCurrent => $"Nothing tells when {newest.Word} was replaced, so it may have been before the "
                + "server began to count.",
            ([var newest, ..], { } replaced) when replaced <= begun => $"{counted}, when {newest.Word} had been replaced already.",
            _ when migrated <= begun => $"{counted}, when the first of these migrations had run already: what it breaks is not counted.",
            _ when since.Evicted > 0 => "The server has made room for new statements by dropping old ones: those of the older code may be "
                + "among them (pg_stat_statements.max).",
            _ when !since.IsSure => "This server keeps no time at which the statistics of one database or role were reset, and no "
                + "statement of each role from before is kept: nothing tells whether those of the older code were counted.",
            _ => null,
        };
    }

    /// <summary>When the older code's time was over: it was replaced, or what it lacks began to run. Null where neither is known.</summary>
    public static DateTimeOffset? End(DateTimeOffset? migrated, GoBackChoice choice, IReadOnlyList<PastRevision> all) =>
        ((DateTimeOffset?[])[migrated, Replaced(choice.Revisions, all)]).Min();

    /// <summary>For people.</summary>
    public static string Minute(DateTimeOffset time) =>
        $"{time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC";

    /// <summary>Whether no revision has taken the place of the newest of these.</summary>
    private static bool IsCurrent(IReadOnlyList<PastRevision> revisions, IReadOnlyList<PastRevision> all) =>
        revisions.Count == 0 || revisions.Any(revision => revision.Runs)
        || (revisions[0].Number is { } number && all.All(other => other.Number <= number));

    /// <summary>
    /// When the successor of the newest of these was made; null where one of them is current, or where nothing tells. A rollback gives an
    /// old revision the next number and leaves the time of its making: its own number is missing from then on.
    /// </summary>
    private static DateTimeOffset? Replaced(IReadOnlyList<PastRevision> revisions, IReadOnlyList<PastRevision> all)
    {
        if (IsCurrent(revisions, all))
        {
            return null;
        }

        PastRevision newest = revisions[0];
        return all.FirstOrDefault(revision => revision.Number == newest.Number + 1 && revision.Made > newest.Made)?.Made;
    }
}
