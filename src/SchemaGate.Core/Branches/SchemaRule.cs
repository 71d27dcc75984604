using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Branches;

/// <summary>Prisma's schema and its migrations are committed together.</summary>
internal static class SchemaRule
{
    public static IEnumerable<BranchFinding> Judge(BranchFacts facts)
    {
        if (facts.Here.Migrations.Tool != MigrationTool.Prisma || facts.Added.Count > 0 || Change(facts) is not { } change)
        {
            return [];
        }

        FindingSeverity severity = IsExcused(facts) ? FindingSeverity.Information : FindingSeverity.Blocking;
        return IsDocumented(facts) || severity == FindingSeverity.Information
            ? [WithoutMigration(facts, change, severity)]
            : [WithoutMigration(facts, change, severity), WithoutEntry(facts, change)];
    }

    private static BranchFinding WithoutMigration(BranchFacts facts, SchemaChange change, FindingSeverity severity) => new(
        BranchFindingIds.SchemaWithoutMigration, severity,
        $"{change.What} since {facts.Revision}, and no migration was added"
            + (severity == FindingSeverity.Information
                ? "; a comment says why."
                : ": make one with `npx prisma migrate dev --name <description>` and commit both. Where the database stays as it is, say "
                    + $"so in the schema: `// {SchemaText.Excuse} <why>`."),
        change.File, change.Span, null);

    private static BranchFinding WithoutEntry(BranchFacts facts, SchemaChange change) => new(
        BranchFindingIds.SchemaWithoutEntry, FindingSeverity.Blocking,
        $"{change.What} since {facts.Revision}, and {facts.DocumentPath} has no entry about it: write one before the change, PENDING "
            + "until its migration is there.",
        change.File, change.Span, null);

    /// <summary>A new entry, or one that is pending: it was written before the change, as the document asks.</summary>
    private static bool IsDocumented(BranchFacts facts) => facts.Here.Document is not { } here
        || here.Entries.Any(entry => entry.IsPending)
        || here.Entries.Select(entry => entry.Name)
            .Except((facts.Origin.Document?.Entries ?? []).Select(entry => entry.Name), StringComparer.Ordinal).Any();

    /// <summary>A comment of this branch; one that was there before is about something else.</summary>
    private static bool IsExcused(BranchFacts facts)
    {
        int Excuses(BranchTree tree) => tree.Schemas.Values.Sum(text => SchemaText.Of(text).Excuses);
        return Excuses(facts.Here) > Excuses(facts.Origin);
    }

    /// <summary>The first block that differs; null where comments, white space, generators or the blocks' places do.</summary>
    private static SchemaChange? Change(BranchFacts facts)
    {
        List<(string File, SchemaBlock Block)> old = Blocks(facts.Origin);
        List<(string File, SchemaBlock Block)> now = Blocks(facts.Here);
        HashSet<string> oldTexts = [.. old.Select(pair => pair.Block.Text)];
        HashSet<string> texts = [.. now.Select(pair => pair.Block.Text)];
        foreach ((string file, SchemaBlock block) in now.Where(pair => !oldTexts.Contains(pair.Block.Text)))
        {
            SchemaBlock? before = old.Find(pair => pair.Block.Heading == block.Heading).Block;
            return new(
                file, new(block.FirstDifference(before), 1, 0), $"`{block.Heading}` of {file} {(before is null ? "is new" : "changed")}");
        }

        (string goneFrom, SchemaBlock? gone) = old.Find(pair => !texts.Contains(pair.Block.Text));
        return gone is null ? null : new(goneFrom, null, $"`{gone.Heading}` of {goneFrom} is gone");
    }

    private static List<(string File, SchemaBlock Block)> Blocks(BranchTree tree) =>
    [
        .. tree.Schemas.OrderBy(file => file.Key, StringComparer.Ordinal)
            .SelectMany(file => SchemaText.Of(file.Value).Blocks, (file, block) => (file.Key, block)),
    ];

    private sealed record SchemaChange(string File, SourceSpan? Span, string What);
}
