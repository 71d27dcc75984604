using System.CommandLine;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Editing;
using SchemaGate.Core.Changelogs.Syncing;

namespace SchemaGate.Cli.Changelogs;

/// <summary><c>schemagate changelog sync</c>: the document says what is true.</summary>
internal static class SyncCommand
{
    private static readonly Option<bool> Check = new("--check")
    {
        Description = "Write nothing; exit code 1 where the document says something too late.",
    };

    public static Command Create(Shell shell)
    {
        Command command = new("sync", """
            Move to the Deployed section what a database or a gate says is applied, with the history's date.

            An entry moves when all its migrations are finished in production, not rolled back, with the files as they are here.
            What has failed, was rolled back or edited since is told, and stays. A gate's status keeps no date of a migration: it
            tells the day of the release that brought it, where its record goes back that far.

            With several environments, each gets its "Date Deployed (NAME)"; Deployed means the one that --production names.

            Examples:
              schemagate changelog sync --database - < url.txt
              schemagate changelog sync --gate shop --namespace shop --dry-run
              schemagate changelog sync --environment staging=STAGING_URL --environment production=PRODUCTION_URL
              schemagate changelog sync --gate shop --check --output json

            Exit codes: 0 done, or nothing to do; 1 refused, or with --check: something is to be done; 2 wrong usage; 3 the
            document, the migrations, a database or the gate could not be read, or tell nothing for certain.
            """)
        {
            DocumentFile.Option, MigrationsOption.Option, DatabaseOptions.Tool, DatabaseOptions.Database, DatabaseOptions.Schema,
            SyncSources.Environments, SyncSources.Production, SyncSources.Gate, ClusterOptions.Namespace, ClusterOptions.Context,
            ClusterOptions.Kubeconfig, DocumentEdit.DryRun, Check, OutputOption.Option,
        };
        command.SetAction((arguments, cancellation) => SyncSources.RunAsync(
            arguments, shell, sources => DocumentRun.RunAsync(
                arguments, file => RunAsync(arguments, shell, file, sources, cancellation)), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult arguments, Shell shell, DocumentFile file, SyncSources sources, CancellationToken cancellation)
    {
        MigrationFiles files = MigrationsOption.ReadSound(arguments, file);
        IReadOnlyList<SyncEnvironment> environments = await sources.ReadAsync(files.Set, cancellation);
        SyncPlan plan = new([], [], [], []);
        bool isDry = arguments.GetValue(DocumentEdit.DryRun) || arguments.GetValue(Check);
        (string before, EditOutcome outcome) = isDry || file.IsInput
            ? await UnwrittenAsync(file, Edit, shell, cancellation)
            : await DocumentWriter.UpdateAsync(file, Edit, shell, cancellation);
        if (outcome is not EditOutcome.Edited { Text: var after })
        {
            return DocumentRun.Say(arguments, $"{file.Shown}: {((EditOutcome.Refused)outcome).Reason}", ExitCodes.Blocked);
        }

        SyncReport report = SyncReport.Of(plan, EditReport.Of(file, before, after, isDry || file.IsInput));
        SyncPrinter.Print(arguments, shell, report, file.IsInput && !isDry ? after : null);
        return arguments.GetValue(Check) && report.Changed ? ExitCodes.Blocked : ExitCodes.Open;

        // Asked again where somebody else changed the document in between: the plan is then of what it says now.
        EditOutcome Edit(string text)
        {
            Changelog changelog = ChangelogParser.Parse(text);
            if (changelog.Findings.FirstOrDefault(finding => finding.Id == FindingIds.NotAChangelog) is { } finding)
            {
                return new EditOutcome.Refused($"line {finding.Span?.Line ?? 1}: {finding.Message}");
            }

            plan = SyncPlan.Of(changelog, files.Set.Names, environments);
            return ChangelogEditor.Apply(text, plan.Edits, DocumentEdit.Today(shell));
        }
    }

    private static async Task<(string Before, EditOutcome Outcome)> UnwrittenAsync(
        DocumentFile file, Func<string, EditOutcome> edit, Shell shell, CancellationToken cancellation)
    {
        string text = await file.ReadAsync(shell, cancellation);
        return (text, edit(text));
    }
}
