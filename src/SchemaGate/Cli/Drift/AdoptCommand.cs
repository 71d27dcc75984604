using System.CommandLine;
using SchemaGate.Cli.Changelogs;
using SchemaGate.Cli.Diff;
using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Cli.Drift;

/// <summary><c>schemagate drift adopt</c>: what was changed by hand becomes a migration.</summary>
internal static class AdoptCommand
{
    public static Option<bool> NoResolve { get; } = new("--no-resolve")
    {
        Description = "Write the files, and leave the database's history as it is.",
    };

    public static Option<bool> DryRun { get; } = new("--dry-run")
    {
        Description = "Show the migration, the document's difference and what the history would say; write nothing.",
    };

    private static readonly Argument<string> Name = new("NAME")
    {
        HelpName = "NAME",
        Description = "What the migration is called behind its digits, as for `prisma migrate dev --name`.",
    };

    public static Command Create(Shell shell)
    {
        Command command = new("adopt", """
            Make a migration of what was changed in the database by hand: the changelog's "Schema Drift Recovery" as one command.

            It finds what the database differs in from what its applied migrations build, writes that as a migration behind the last
            one, tries it in a new database, adds the entry to the changelog, and marks the migration as applied in this database, as
            `prisma migrate resolve --applied` does. Afterwards `schemagate diff` says nothing, and every other database gets the
            change by its next `schemagate migrate`.

            First the files are written, whole or not at all, then the history's row. Whenever it is broken off, the same command
            again does the rest; where nothing is left to do, it says so.

            Examples:
              schemagate drift adopt orders_note_index
              schemagate drift adopt orders_note_index --dry-run
              schemagate drift adopt orders_note_index services/shop --database - --no-resolve < url.txt

            Exit codes: 0 done, or nothing to do; 1 refused: files and history disagree, the drift destroys something and
            --allow-destructive is missing, what was tried does not come out, or the document cannot be edited; 2 wrong usage; 3 a
            file, the database or the scratch server could not be read or written.
            """)
        {
            Name, Checkout.Path, DatabaseOptions.Database, DatabaseOptions.Schema, ScratchServer.Option, ImageOptions.Migrations,
            DocumentFile.Option, DiffOptions.Ignore, DiffOptions.Grants, DiffOptions.AllowDestructive, NoResolve, DryRun,
            OutputOption.Option,
        };
        command.SetAction((arguments, cancellation) => DocumentRun.ExplainAsync(
            arguments, () => RunAsync(arguments, shell, cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        string title = ChangelogSteps.Slug(arguments.GetValue(Name)!);
        if (title.Length is 0 or > 200)
        {
            throw new UsageException("NAME: write a few words, such as orders_note_index.");
        }

        AdoptReport report = await new Adoption(arguments, shell, title).RunAsync(cancellation);
        if (OutputOption.IsJson(arguments))
        {
            CliJson.Write(arguments.InvocationConfiguration.Output, report, CliJson.Relaxed.AdoptReport);
        }
        else
        {
            AdoptPrinter.Print(report, shell.Text(arguments.InvocationConfiguration.Output));
        }

        return report.Refusal is null ? ExitCodes.Open : ExitCodes.Blocked;
    }
}
