using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;
using SchemaGate.Core;
using SchemaGate.Core.Changelogs.Checklists;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Applying;

namespace SchemaGate.Cli.Changelogs;

/// <summary>Whether the migrations up to one run in a new database.</summary>
internal static partial class FreshDatabase
{
    private const int LongestUrl = 64 << 10;

    public static Option<string?> Option { get; } = new("--scratch")
    {
        HelpName = "URL",
        Description = "A server on which a database may be made and dropped: its URL, - to read it from standard input, or the name of "
            + "a variable that has it.",
    };

    /// <exception cref="DocumentException">The server cannot be reached, or lets nobody create a database.</exception>
    /// <exception cref="UsageException">The URL cannot be read.</exception>
    public static async Task<(ChecklistState State, string Says)> TryAsync(
        ParseResult arguments, Shell shell, MigrationSet set, Migration? migration, CancellationToken cancellation)
    {
        if (migration is null)
        {
            return (ChecklistState.No, "there is no such migration");
        }

        if (arguments.GetValue(Option) is not { Length: > 0 } given)
        {
            string word = ShellWord.Of(migration.Name);
            return (ChecklistState.Open, $"not run: `schemagate changelog checklist {word} --scratch URL` runs it");
        }

        if (set.Tool != MigrationTool.Prisma)
        {
            return (ChecklistState.Open, $"not run: these are {ToolGuide.Of(set.Tool).Name}'s migrations, which only it applies");
        }

        if (set.Through(migration.Name)!.Migrations.FirstOrDefault(earlier => OfServer().IsMatch(earlier.Sql)) is { } shared)
        {
            return (ChecklistState.Open, $"not run: {shared.Name} changes the server itself, not only a database");
        }

        DatabaseChoice server = new(await UrlAsync(given, shell, cancellation), "--scratch", Schema: null);
        try
        {
            await using ScratchDatabase scratch = await ScratchDatabase.CreateAsync(server.Parse(), shell.Time, cancellation);
            ApplyReport report = await new MigrationApplier(shell.Time).ApplyAsync(
                scratch.Url, set.Through(migration.Name)!, ApplyOptions.Default, progress: null, cancellation);
            cancellation.ThrowIfCancellationRequested();
            return report.Failure is { } failure
                ? (ChecklistState.No, failure.Message.TrimEnd('.'))
                : (ChecklistState.Yes, $"{report.Applied.Count} migrations ran in a new database");
        }
        catch (DatabaseException exception)
        {
            throw new DocumentException(exception.Message);
        }
    }

    private static async Task<string> UrlAsync(string given, Shell shell, CancellationToken cancellation)
    {
        string? url = given switch
        {
            "-" => Encoding.UTF8.GetString(await shell.ReadInputAsync(LongestUrl, cancellation)),
            _ when given.Contains("://", StringComparison.Ordinal) => given,
            _ => shell.Variable(given),
        };
        return string.IsNullOrWhiteSpace(url)
            ? throw new UsageException("--scratch: the URL is empty, or the variable is not set.")
            : url.Trim();
    }

    /// <summary>Roles, databases and tablespaces are everybody's on a server. In a DO block too, and in vain in a comment.</summary>
    [GeneratedRegex(
        @"\b(?:(?:CREATE|ALTER|DROP)\s+(?:ROLE|USER|GROUP|DATABASE|TABLESPACE|SUBSCRIPTION)|ALTER\s+SYSTEM)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex OfServer();
}
