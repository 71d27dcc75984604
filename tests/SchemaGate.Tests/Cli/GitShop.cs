using System.Diagnostics;

namespace SchemaGate.Tests.Cli;

/// <summary>
/// The shop's checkout as a git repository: a schema of Prisma's, the document and three migrations are committed on main, and a branch is
/// checked out. Always the same commits, whoever runs it and whenever.
/// </summary>
internal sealed class GitShop : IDisposable
{
    public const string New = "20250101000000_add_coupons";
    public const string Schema = "prisma/schema.prisma";
    public const string Document = "docs/DATABASE_SCHEMA_CHANGELOG.md";

    private const string Entries = "## Migrated (Ready for Deployment)\n";

    private readonly Shop _shop = new();

    public GitShop()
    {
        _shop.Write(Schema, """
            generator client {
              provider = "prisma-client-js"
            }

            datasource db {
              provider = "postgresql"
              url      = env("DATABASE_URL")
            }

            /// Who pays.
            model Company {
              id   Int    @id
              name String // "shown" to others
            }

            """);
        Git("init", "--quiet", "--initial-branch=main");
        Commit("Begin");
        Git("checkout", "--quiet", "-b", "coupons");
    }

    public string Root => _shop.Root;

    public static string Script(string name) => $"prisma/migrations/{name}/migration.sql";

    public string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public void Write(string path, string text) => _shop.Write(path, text);

    public void Replace(string path, string old, string @new)
    {
        Assert.Contains(old, Read(path), StringComparison.Ordinal);
        Write(path, Read(path).Replace(old, @new, StringComparison.Ordinal));
    }

    /// <summary>A model more, which needs a table.</summary>
    public void ChangeSchema() => Write(Schema, Read(Schema) + "model Coupon {\n  id Int @id\n}\n");

    public void Migrate(string name = New, string sql = "CREATE TABLE coupons (id int PRIMARY KEY);\n") => _shop.Migrate(name, sql);

    public void Enter(string name = New) => Replace(
        Document, Entries,
        $"{Entries}\n### {name}\n- **Status:** `MIGRATED`\n- **Description:** Coupons\n- **Risk Level:** Low\n- **Rollback:** Drop it\n");

    /// <summary>All that a branch needs.</summary>
    public void ChangeWell(string name = New)
    {
        ChangeSchema();
        Migrate(name);
        Enter(name);
    }

    public void Commit(string message)
    {
        Git("add", "--all");
        Git("commit", "--quiet", "--allow-empty", "--message", message);
    }

    /// <summary>What others do on main meanwhile. The branch is checked out again after it.</summary>
    public void OnMain(Action change)
    {
        Commit("Work");
        Git("checkout", "--quiet", "main");
        change();
        Commit("Work of others");
        Git("checkout", "--quiet", "coupons");
    }

    public string Git(params string[] arguments) => GitIn(Root, arguments);

    public static string GitIn(string directory, params string[] arguments)
    {
        ProcessStartInfo start = new("git", arguments)
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in Environment())
        {
            start.Environment[name] = value;
        }

        using Process git = Process.Start(start)!;
        Task<string> complaint = git.StandardError.ReadToEndAsync();
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, $"git {string.Join(' ', arguments)}: {complaint.Result}");
        return output.TrimEnd('\n');
    }

    /// <summary>Nobody's configuration, names or time.</summary>
    public static IEnumerable<(string Name, string Value)> Environment() =>
    [
        ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_AUTHOR_NAME", "Ada"), ("GIT_COMMITTER_NAME", "Ada"),
        ("GIT_AUTHOR_EMAIL", "ada@example.com"), ("GIT_COMMITTER_EMAIL", "ada@example.com"),
        ("GIT_AUTHOR_DATE", "2025-01-01T00:00:00Z"), ("GIT_COMMITTER_DATE", "2025-01-01T00:00:00Z"), ("GIT_ALLOW_PROTOCOL", "file"),
    ];

    public Task<Outcome> VerifyAsync(params string[] arguments) =>
        Schemagate.RunAsync(["verify", Root, "--changed-since", "main", .. arguments]);

    /// <summary>What is found, and with which exit code: <c>1: id, id</c>, the worst first.</summary>
    public async Task<string> FindingsAsync(params string[] arguments)
    {
        Outcome outcome = await VerifyAsync([.. arguments, "--output", "json"]);
        Assert.Equal("", outcome.Error);
        System.Text.Json.JsonElement report = System.Text.Json.JsonElement.Parse(outcome.Output);
        return $"{outcome.Code}: " + string.Join(", ", report.GetProperty("findings").EnumerateArray()
            .Select(finding => finding.GetProperty("id").GetString()));
    }

    public void Dispose() => _shop.Dispose();
}
