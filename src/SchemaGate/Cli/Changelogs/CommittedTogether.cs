using SchemaGate.Core.Changelogs.Checklists;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Evidence;
using SchemaGate.Postgres;

namespace SchemaGate.Cli.Changelogs;

/// <summary>Whether one commit has both the migration and the schema that it is for.</summary>
internal static class CommittedTogether
{
    public static async Task<(ChecklistState State, string Says)> AskAsync(
        string root, string? file, Func<Touched> touches, TimeProvider time, CancellationToken cancellation)
    {
        if (file is null)
        {
            return (ChecklistState.No, "there is no such migration");
        }

        try
        {
            GitRepository git = new(root, time);
            GitAnswer added = await git.AskAsync(["log", "-1", "--diff-filter=A", "--format=%H", "--", file], "", cancellation);
            // A repository without a commit has no log either.
            if (added.Code != 0 && (await git.AskAsync(["rev-parse", "--git-dir"], "", cancellation)).Code != 0)
            {
                return (ChecklistState.Open, "git tells nothing of it: this is no repository");
            }

            return added.Code != 0 || added.Text.Length == 0
                ? (ChecklistState.No, "the migration is not committed")
                : await WithSchemaAsync(git, added.Text, touches(), cancellation);
        }
        catch (GitException exception)
        {
            return (ChecklistState.Open, exception.Message.TrimEnd('.'));
        }
    }

    private static async Task<(ChecklistState State, string Says)> WithSchemaAsync(
        GitRepository git, string commit, Touched touched, CancellationToken cancellation)
    {
        string named = $"commit {commit[..Math.Min(12, commit.Length)]}";
        if (touched == Touched.OtherModels)
        {
            return (ChecklistState.Open, $"{named} has the migration; whether it has the models, too, is for a person");
        }

        GitAnswer files = await git.AskAsync(["show", "--name-only", "--format=", commit], "", cancellation);
        string? schema = files.Text.Split('\n').FirstOrDefault(path => path.EndsWith(".prisma", StringComparison.Ordinal));
        return (schema, touched) switch
        {
            ({ }, _) => (ChecklistState.Yes, $"{named} has {schema}, too"),
            (_, Touched.Rows) => (ChecklistState.Yes, $"{named} has the migration, which changes rows only: no model changes with it"),
            _ => (ChecklistState.No, $"{named} has the migration, and no .prisma file beside it"),
        };
    }

    /// <summary>What of a person's models a migration is about.</summary>
    public static Touched Touches(MigrationSet set, Migration migration, TimeProvider time)
    {
        if (set.Tool != MigrationTool.Prisma)
        {
            return Touched.OtherModels;
        }

        try
        {
            IReadOnlyList<Statement> statements =
                RiskEvidence.Parse(set with { Migrations = [migration] }, time).Single().Script.Statements;
            return statements.Count > 0 && statements.All(statement => statement is DataChange) ? Touched.Rows : Touched.Schema;
        }
        catch (DatabaseException)
        {
            return Touched.Schema;
        }
    }

    internal enum Touched
    {
        Schema,
        Rows,

        /// <summary>Not Prisma's: nothing tells which files have them.</summary>
        OtherModels,
    }
}
