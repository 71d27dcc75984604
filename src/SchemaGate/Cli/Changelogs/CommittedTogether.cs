using SchemaGate.Core.Changelogs.Checklists;
using SchemaGate.Core.Databases;
using SchemaGate.Evidence;

namespace SchemaGate.Cli.Changelogs;

/// <summary>Whether one commit has both the migration and the schema that it is for.</summary>
internal static class CommittedTogether
{
    public static async Task<(ChecklistState State, string Says)> AskAsync(
        string root, MigrationTool tool, string? file, TimeProvider time, CancellationToken cancellation)
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
                : await WithSchemaAsync(git, added.Text, tool, cancellation);
        }
        catch (GitException exception)
        {
            return (ChecklistState.Open, exception.Message.TrimEnd('.'));
        }
    }

    private static async Task<(ChecklistState State, string Says)> WithSchemaAsync(
        GitRepository git, string commit, MigrationTool tool, CancellationToken cancellation)
    {
        string named = $"commit {commit[..Math.Min(12, commit.Length)]}";
        if (tool != MigrationTool.Prisma)
        {
            return (ChecklistState.Open, $"{named} has the migration; whether it has the models, too, is for a person");
        }

        GitAnswer files = await git.AskAsync(["show", "--name-only", "--format=", commit], "", cancellation);
        string? schema = files.Text.Split('\n').FirstOrDefault(path => path.EndsWith(".prisma", StringComparison.Ordinal));
        return schema is null
            ? (ChecklistState.No, $"{named} has the migration, and no .prisma file beside it")
            : (ChecklistState.Yes, $"{named} has {schema}, too");
    }
}
