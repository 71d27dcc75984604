using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Branches;

/// <summary>
/// Where the order is a graph it has one end, in Django's case one in each app (django/db/migrations/loader.py, detect_conflicts). Two that
/// were released are meant.
/// </summary>
internal static class HeadRule
{
    /// <summary>New heads that are one too many, each with another one.</summary>
    public static IEnumerable<(Migration Added, string Other)> Forks(BranchFacts facts, MigrationSet merged)
    {
        if (facts.Here.Migrations.Tool is not (MigrationTool.Alembic or MigrationTool.Django))
        {
            return [];
        }

        ILookup<string, Migration> released = Heads(facts.Released.Migrations).ToLookup(App, StringComparer.Ordinal);
        return Heads(merged).GroupBy(App, StringComparer.Ordinal)
            .Where(heads => heads.Count() > Math.Max(1, released[heads.Key].Count()))
            .SelectMany(heads => facts.Added.IntersectBy(heads.Select(head => head.Name), added => added.Name, StringComparer.Ordinal)
                .Where(added => facts.Released.Find(added.Name) is null)
                .Select(added => (added, heads.First(head => head.Name != added.Name).Name)));
    }

    /// <summary>What nothing of the same app builds on. What has been squashed is its squash, though its file may still be there.</summary>
    private static IEnumerable<Migration> Heads(MigrationSet set)
    {
        Dictionary<string, string> squashes = new(StringComparer.Ordinal);
        foreach (Migration squash in set.Migrations)
        {
            foreach (string replaced in squash.Replaces)
            {
                squashes.TryAdd(replaced, squash.Key);
            }
        }

        HashSet<string> parents = [.. set.Migrations
            .SelectMany(migration => migration.Parents.Select(parent => (Child: Standing(migration.Key), Parent: Standing(parent))))
            .Where(edge => App(edge.Child) == App(edge.Parent) && edge.Child != edge.Parent)
            .Select(edge => edge.Parent)];
        return set.Migrations.Where(migration => !squashes.ContainsKey(migration.Key) && !parents.Contains(migration.Key));

        // A squash may be squashed again. Never more steps than squashes, whatever nonsense they say.
        string Standing(string key)
        {
            for (int step = 0; step < squashes.Count && squashes.TryGetValue(key, out string? squash); step++)
            {
                key = squash;
            }

            return key;
        }
    }

    private static string App(Migration migration) => App(migration.Key);

    /// <summary>Of Django's <c>app.name</c>; Alembic's revisions have none.</summary>
    private static string App(string key) =>
        key.Contains('.', StringComparison.Ordinal) ? key[..key.IndexOf('.', StringComparison.Ordinal)] : "";
}
