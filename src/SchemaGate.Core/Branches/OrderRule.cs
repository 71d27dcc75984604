using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Branches;

/// <summary>A new migration comes last: databases that have run a later one would run it out of turn, new ones in turn.</summary>
internal static class OrderRule
{
    /// <param name="told">Migrations of which the worst has been said.</param>
    public static IEnumerable<BranchFinding> Judge(BranchFacts facts, IReadOnlySet<string> told, PolicyMode mode)
    {
        string? newest = facts.Released.Migrations.Migrations.Where(migration => !migration.IsRepeatable)
            .ExceptBy(facts.Gone.Select(migration => migration.Name), migration => migration.Name, StringComparer.Ordinal)
            .LastOrDefault()?.Name;
        if (BranchDecision.SeverityOf(mode) is not { } severity || newest is null
            || facts.Merged is not { IsOrdered: true } merged)
        {
            yield break;
        }

        List<string> names = [.. merged.Names];
        int place = names.IndexOf(newest);
        // What stands for the oldest ones is in their place.
        string? first = facts.IsSquash ? facts.Here.Migrations.Names[0] : null;
        foreach (Migration added in facts.Added.Where(added => added.Name != first
            && facts.Released.Find(added.Name) is null && !added.IsRepeatable && !told.Contains(added.Name)))
        {
            if (names.IndexOf(added.Name) < place)
            {
                yield return new(
                    BranchFindingIds.MigrationOutOfOrder, severity,
                    $"'{added.Name}' sorts before '{newest}', which {facts.Revision} has: databases there will run it after that one, new "
                    + "ones before. Give it a newer number or timestamp, unless a database that stays has run it already.",
                    facts.PathOf(added), null, added.Name);
            }
        }
    }
}
