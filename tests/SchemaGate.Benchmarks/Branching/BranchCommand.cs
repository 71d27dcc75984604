using SchemaGate.Benchmarks.Linting;
using SchemaGate.Benchmarks.Startup;

namespace SchemaGate.Benchmarks.Branching;

/// <summary>
/// What a branch adds to a repository of eight hundred migrations, as a whole process, beside what one would run without it.
/// </summary>
internal static class BranchCommand
{
    private const int Migrations = 800;
    private const int Runs = 10;

    /// <param name="binary">The published binary.</param>
    /// <param name="others">Command lines that are run beside it in the repository, such as <c>npx prisma validate</c>.</param>
    public static async Task<int> RunAsync(string binary, IReadOnlyList<string> others)
    {
        string directory = Directory.CreateTempSubdirectory("schemagate-benchmark-").FullName;
        try
        {
            Write(directory);
            await ChildProcess.RunAsync("sh", ["-c", $"cd {directory} && {Commits}"]);
            await StartedTable.RunAsync(
                $"{Migrations} migrations, of which main has all but one", Runs,
                [
                    new("schemagate verify --changed-since", "sh", "-c", Quiet($"{Path.GetFullPath(binary)} verify --changed-since main")),
                    new("git diff --name-only", "sh", "-c", Quiet("git diff --name-only main...HEAD")),
                    .. others.Select(other => new Started(Path.GetFileName(other.Split(' ')[0]), "sh", "-c", Quiet(other))),
                ]);
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        string Quiet(string command) => $"cd {directory} && {command} > /dev/null";
    }

    private static string Commits => string.Join(" && ",
        "export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a",
        "git init -q -b main", "git add .", $"git reset -q -- {Script(Migrations - 1)}", "git commit -q -m Begin",
        "git checkout -q -b branch", "git add .", "git commit -q -m Add");

    private static void Write(string directory)
    {
        List<string> entries = [];
        for (int index = 0; index < Migrations; index++)
        {
            string file = Path.Combine(directory, Script(index));
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, SampleSql.Script(index));
            entries.Add($"### {Name(index)}\n- **Status:** `MIGRATED`\n- **Description:** Some change\n- **Risk Level:** Low\n"
                + "- **Rollback:** None\n");
        }

        Directory.CreateDirectory(Path.Combine(directory, "docs"));
        File.WriteAllText(Path.Combine(directory, "docs", "DATABASE_SCHEMA_CHANGELOG.md"),
            $"# Changelog\n\n## Pending\n\n## Migrated\n\n{string.Join('\n', entries)}\n## Deployed\n");
        File.WriteAllText(Path.Combine(directory, "prisma", "schema.prisma"),
            "datasource db {\n  provider = \"postgresql\"\n}\n\n" + string.Concat(
                Enumerable.Range(0, Migrations / 4).Select(number => $"model T{number} {{\n  id   Int @id\n  name String\n}}\n\n")));
    }

    private static string Script(int index) => $"prisma/migrations/{Name(index)}/migration.sql";

    private static string Name(int index) => $"{20200101000000L + index}_change_{index}";
}
