using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Branches;

/// <summary>Two sides that each are sound, and together are not: one name twice, one place in the order twice.</summary>
internal static class TakenRule
{
    /// <summary>Timestamps with seconds, and numbers that people count: what is between may well be a day.</summary>
    private const int Timestamp = 14;
    private const int LongestCount = 5;

    /// <param name="told">Migrations of which the worst has been said.</param>
    public static IEnumerable<BranchFinding> Judge(BranchFacts facts, IReadOnlySet<string> told, PolicyMode mode)
    {
        List<BranchFinding> findings = [.. facts.Added.Select(added => NameTaken(facts, added)).OfType<BranchFinding>(), .. Unsound(facts)];
        if (BranchDecision.SeverityOf(mode) is { } severity && facts.Merged is { } merged)
        {
            BranchFinding Found(string message, Migration? added) => new(
                BranchFindingIds.MigrationOrderTaken, severity, message,
                added is null ? facts.MigrationsPath : facts.PathOf(added), null, added?.Name);
            findings.AddRange(merged.Problems.Except(facts.Released.Migrations.Problems, StringComparer.Ordinal)
                .Except(facts.Here.Migrations.Problems, StringComparer.Ordinal)
                .Select(problem => Found($"Together with {facts.Revision}: {problem}", Named(facts, problem))));
            ILookup<string, Migration> numbers = merged.Migrations.ToLookup(migration => Number(migration.Name), StringComparer.Ordinal);
            findings.AddRange(facts.Added.Where(added => merged.IsOrdered && !told.Contains(added.Name))
                .Select(added => (added, other: Beside(facts, numbers, added)))
                .Where(pair => pair.other is not null)
                .Select(pair => Found(
                    $"'{pair.added.Name}' and '{pair.other}' have one place in the order: which runs first is not for a name to decide. "
                        + "Give the new one a newer number or timestamp.",
                    pair.added)));
            findings.AddRange(HeadRule.Forks(facts, merged).Select(pair => Found(
                $"'{pair.Added.Name}' and '{pair.Other}' are two heads, of which none comes last: bring the branch up to "
                    + $"{facts.Revision} and let one build on the other, or merge the two heads.",
                pair.Added)));
        }

        return findings;
    }

    private static BranchFinding? NameTaken(BranchFacts facts, Migration added) =>
        facts.Released.Find(added.Name) is { } other && !added.IsRepeatable && !facts.Here.IsSame(added, other, facts.Released)
            ? new(
                BranchFindingIds.MigrationNameTaken, FindingSeverity.Blocking,
                $"{facts.Revision} has another migration by the name '{added.Name}': only one of them would ever run. Rename this one, "
                    + "with a newer number or timestamp.",
                facts.PathOf(added), null, added.Name)
            : null;

    private static IEnumerable<BranchFinding> Unsound(BranchFacts facts) => facts.Here.Migrations.Problems
        .Except(facts.Origin.Migrations.Problems, StringComparer.Ordinal)
        .Select(problem => new BranchFinding(
            BranchFindingIds.MigrationsUnsound, FindingSeverity.Blocking, problem,
            Named(facts, problem) is { } added ? facts.PathOf(added) : facts.MigrationsPath, null, Named(facts, problem)?.Name));

    /// <summary>The new migration that a sentence names.</summary>
    private static Migration? Named(BranchFacts facts, string sentence) =>
        facts.Added.FirstOrDefault(added => sentence.Contains($"'{added.Name}'", StringComparison.Ordinal));

    /// <summary>
    /// An old migration, or an earlier one of the branch, whose number is the same. Of tools that refuse two, the problem says so.
    /// </summary>
    private static string? Beside(BranchFacts facts, ILookup<string, Migration> numbers, Migration added)
    {
        string number = Number(added.Name);
        return number.Length is (0 or > LongestCount) and not Timestamp ? null : numbers[number]
            .Where(other => other.Key != added.Key)
            .Select(other => other.Name)
            .FirstOrDefault(name =>
                facts.Origin.Find(name) is not null || facts.Released.Find(name) is not null
                || MigrationNameComparer.Instance.Compare(name, added.Name) < 0);
    }

    private static string Number(string name) => string.Concat(name.TakeWhile(char.IsAsciiDigit));
}
