using Npgsql;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Applying;

/// <summary>What a run does not mend and should not be silent about, one sentence each.</summary>
internal static class RunNotes
{
    private const int Shown = 5;

    /// <summary>Applied migrations whose file is another now, or gone; a history that says nothing of a schema with tables.</summary>
    /// <param name="state">As it was read.</param>
    /// <param name="set">What is to be applied.</param>
    /// <param name="options">Which other names are known.</param>
    public static IEnumerable<string> OfFiles(DatabaseState state, MigrationSet set, ApplyOptions options)
    {
        if (state is { History.Rows.Count: 0, HasTables: true })
        {
            yield return $"The history was there and empty, and the schema \"{state.Identity.Schema}\" had tables: if they are what the "
                + "migrations build, record that with `schemagate resolve --baseline`.";
        }

        MigrationHistory history = state.History ?? MigrationHistory.Empty;
        HashSet<string> known = [.. set.Names, .. options.Known];
        List<string> edited = [.. set.Migrations
            .Where(migration => history.Applied.TryGetValue(migration.Name, out HistoryRow? row)
                && !migration.Checksum.Matches(row.Checksum))
            .Select(migration => migration.Name)];
        List<string> missing = [.. history.Applied.Keys
            .Where(name => !known.Contains(name) && !options.IgnoreUnknown.Any(glob => Glob.Matches(glob, name)))];
        if (edited.Count > 0)
        {
            yield return $"Edited since applied: {Names(edited)}. What the edit says has not run: put it into a new migration, "
                + "or `schemagate resolve --accept-checksum <migration>` if it changes nothing that ran.";
        }

        if (missing.Count > 0)
        {
            yield return $"Applied, and not among these migrations: {Names(missing)}. Restore the files, "
                + "or name another application's with --ignore-unknown.";
        }
    }

    /// <summary>None where nobody can be asked any more.</summary>
    public static async Task<IReadOnlyList<string>> OfIndexesAsync(NpgsqlConnection keeper)
    {
        try
        {
            return InvalidIndex.Sentences(await InvalidIndexes.ReadAsync(keeper));
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            return [];
        }
    }

    private static string Names(List<string> names) =>
        string.Join(", ", names.Take(Shown)) + (names.Count > Shown ? $" and {names.Count - Shown} more" : "");
}
