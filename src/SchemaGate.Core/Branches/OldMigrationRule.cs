using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Branches;

/// <summary>What was released stays as it is: databases have run it, and will compare.</summary>
internal static class OldMigrationRule
{
    public static IEnumerable<BranchFinding> Judge(BranchFacts facts, PolicyMode mode)
    {
        if (Squashed(facts) is { } squashed)
        {
            yield return squashed;
        }

        if (BranchDecision.SeverityOf(mode) is not { } severity)
        {
            yield break;
        }

        BranchFinding Found(string id, string message, Migration migration) =>
            new(id, severity, message, facts.PathOf(migration), null, migration.Name);
        foreach (Migration migration in facts.Origin.Migrations.Migrations.Where(migration => IsEdited(facts, migration)))
        {
            yield return Found(BranchFindingIds.MigrationEdited, Edited(facts, migration.Name), facts.Here.Find(migration.Name)!);
        }

        foreach (Migration migration in facts.IsSquash ? [] : facts.Gone)
        {
            yield return facts.NewNameOf(migration) is { } name
                ? Found(BranchFindingIds.MigrationRenamed, Renamed(facts, migration.Name, name), migration)
                : Found(BranchFindingIds.MigrationDeleted, Deleted(facts, migration.Name), migration);
        }
    }

    /// <summary>The migration that a finding is about, by its old name and by the one that it has now.</summary>
    public static IEnumerable<string> NamesOf(BranchFacts facts, BranchFinding finding) =>
        [finding.Migration!, .. facts.Gone.Where(gone => gone.Name == finding.Migration).Select(facts.NewNameOf).OfType<string>()];

    private static bool IsEdited(BranchFacts facts, Migration old) =>
        facts.Here.Find(old.Name) is { IsRepeatable: false } now && !facts.Here.IsSame(now, old, facts.Origin)
        && !(facts.Released.Find(old.Name) is { } released && facts.Here.IsSame(now, released, facts.Released));

    private static BranchFinding? Squashed(BranchFacts facts) => !facts.IsSquash ? null : new(
        BranchFindingIds.MigrationsSquashed,
        FindingSeverity.Information,
        $"The oldest {facts.Gone.Count} migrations gave way to '{facts.Here.Migrations.Names[0]}'. Databases that have run those must be "
            + (facts.Here.Migrations.Tool == MigrationTool.Prisma
                ? $"told that it is applied: `schemagate resolve --applied {ShellWord.Of(facts.Here.Migrations.Names[0])}`."
                : "told that it is applied."),
        facts.PathOf(facts.Here.Migrations.Migrations[0]),
        null,
        facts.Here.Migrations.Names[0]);

    private static string Edited(BranchFacts facts, string name) =>
        $"'{name}' is edited, and {facts.Revision} has it: databases that have run it will not run it again, and will differ from new "
        + $"ones. Take the edit back ({Restore(facts, name)}), and put the change into a new migration.";

    private static string Renamed(BranchFacts facts, string old, string name) =>
        $"'{old}' is '{name}' now: databases that have run it would run it a second time. Give it its name back.";

    private static string Deleted(BranchFacts facts, string name) =>
        $"'{name}' is deleted, and {facts.Revision} has it: new databases will lack what it made. Bring it back "
        + $"({Restore(facts, name)}); a new migration can undo what it did.";

    private static string Restore(BranchFacts facts, string name)
    {
        string path = facts.PathOf(facts.Origin.Find(name)!);
        return $"`git checkout {ShellWord.Of(facts.Revision)} -- {ShellWord.Of(path)}`";
    }
}
