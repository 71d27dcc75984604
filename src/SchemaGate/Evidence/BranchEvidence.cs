using System.Text;
using SchemaGate.Core;
using SchemaGate.Core.Branches;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Evidence;

using Contents = IReadOnlyDictionary<string, ReadOnlyMemory<byte>>;

/// <summary>What was read of a branch, and of which commits.</summary>
/// <param name="Revision">The commit that it is compared with.</param>
/// <param name="Origin">The commit that it began at.</param>
/// <param name="Document">The document here; null where there is none, or none is asked for.</param>
internal sealed record BranchReading(BranchFacts Facts, string Revision, string Origin, string? Document);

/// <summary>Reads three trees: where a branch began, what it is compared with, and the working tree.</summary>
internal sealed class BranchEvidence(BranchSource source, TimeProvider time)
{
    /// <summary>A reason of the command line's own: what the branch adds is not known.</summary>
    public const string Unreadable = "BranchUnreadable";

    public async Task<Evidence<BranchReading>> ReadAsync(CancellationToken cancellation)
    {
        Evidence<Contents> read = DirectoryEvidence.ReadFiles(source.Root, Files, source.Schemas.Below(source.Root));
        if (read is Evidence<Contents>.Missing { Reason: var reason, Message: var message })
        {
            return new Evidence<BranchReading>.Missing(reason, message);
        }

        Contents here = ((Evidence<Contents>.Found)read).Value;
        if (source.HasDocument && !Files.Documents.Any(here.ContainsKey)
            && Files.Read(here, source.Root, digest: null) is Evidence<ChangelogEvidence>.Missing none)
        {
            return new Evidence<BranchReading>.Missing(none.Reason, none.Message);
        }

        try
        {
            GitHistory history = await GitHistory.OpenAsync(source.Root, source.Revision, time, cancellation);
            var (origin, released) = await history.ReadAsync(source.Places, source.IsWanted, here, cancellation);
            BranchReading reading = Reading(history, origin, released, here);
            return Nothing(reading.Facts, here) ?? (Evidence<BranchReading>)new Evidence<BranchReading>.Found(reading);
        }
        catch (GitException exception)
        {
            return new Evidence<BranchReading>.Missing(Unreadable, exception.Message);
        }
    }

    /// <summary>Where nothing is, nothing can be wrong: a mistyped path must not pass for a branch that is.</summary>
    private Evidence<BranchReading>.Missing? Nothing(BranchFacts facts, Contents here)
    {
        BranchTree[] trees = [facts.Origin, facts.Released, facts.Here];
        bool hasSchema = trees.Any(tree => tree.Schemas.Count > 0);
        if (source.Schemas.IsGiven && !hasSchema)
        {
            return new(Unreadable, $"There is no Prisma schema at {source.Shown(source.Schemas.Places[0])}, and there was none: "
                + "--prisma-schema takes a file that ends in .prisma and is no link, or a directory of such files.");
        }

        bool hasMigrations = trees.Any(tree => tree.Migrations is not { Migrations.Count: 0, Problems.Count: 0 });
        return !hasMigrations && (source.AreMigrationsGiven || !hasSchema)
            && Files.ReadMigrations(here, source.Root) is Evidence<MigrationSet>.Missing none ? new(none.Reason, none.Message) : null;
    }

    private ChangelogFiles Files => source.Files;

    private BranchReading Reading(GitHistory history, Contents origin, Contents released, Contents here)
    {
        string? document = source.HasDocument ? Files.Documents.FirstOrDefault(here.ContainsKey) : null;
        BranchTree tree = Tree(here, Files);
        // What the files of all three are is told by those that people see.
        ChangelogFiles files = Files with { Tool = Files.Tool ?? tree.Migrations.Tool };
        BranchTree old = Tree(origin, files);
        BranchTree other = history.IsAhead ? Tree(released, files) : old;
        Contents? merged = history.IsAhead ? BranchFiles.Merge(old.Files, other.Files, tree.Files) : tree.Files;
        BranchFacts facts = new(old, other, tree, merged is null ? null : MigrationSet.Read(merged, files.Tool))
        {
            Revision = source.Revision,
            DocumentPath = source.Shown(document ?? Files.Documents.First()),
            MigrationsPath = source.Shown(Files.Migrations),
        };
        return new(facts, history.Revision, history.Origin, document is null ? null : facts.DocumentPath);
    }

    private BranchTree Tree(Contents content, ChangelogFiles files)
    {
        Dictionary<string, ReadOnlyMemory<byte>> migrations = files.BelowMigrations(content).ToDictionary(StringComparer.Ordinal);
        string? document = source.HasDocument ? files.Documents.FirstOrDefault(content.ContainsKey) : null;
        return new(
            MigrationSet.Read(migrations, files.Tool),
            document is null ? null : ChangelogParser.Parse(Encoding.UTF8.GetString(content[document].Span)),
            content.Where(file => source.Schemas.IsWanted(file.Key)).ToDictionary(
                file => source.Shown(file.Key), file => Encoding.UTF8.GetString(file.Value.Span), StringComparer.Ordinal))
        {
            Files = migrations,
        };
    }
}
