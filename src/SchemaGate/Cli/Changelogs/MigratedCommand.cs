using System.CommandLine;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Cli.Changelogs;

/// <summary><c>schemagate changelog migrated</c>.</summary>
internal static class MigratedCommand
{
    private static readonly Argument<string> Name = new("NAME")
    {
        HelpName = "NAME",
        Description = "The migration or the entry that it was made for: either's name, also without the migration's digits.",
        CompletionSources = { EntryArgument.Names },
    };

    public static Command Create(Shell shell)
    {
        Command command = new("migrated", """
            Say that a pending change has its migration: move its entry to the Migrated section, with name, status, date and file.

            The migration is the directory of that name, or the one whose name behind its digits has the words of the entry's title.

            Examples:
              schemagate changelog migrated add_coupons
              schemagate changelog migrated 20250102090000_add_coupons --dry-run
              schemagate changelog migrated add_coupons --changelog services/shop/docs/DATABASE_SCHEMA_CHANGELOG.md

            Exit codes: 0 done, or nothing to do; 1 refused; 2 wrong usage; 3 the document could not be read or written.
            """)
        {
            Name, MigrationsOption.Option, DateOption.Option, DocumentEdit.DryRun, DocumentFile.Option, OutputOption.Option,
        };
        command.SetAction((arguments, cancellation) => DocumentEdit.RunAsync(
            arguments, shell, (file, text) => Migrated(arguments, shell, file, text), cancellation));
        return command;
    }

    private static EditOutcome Migrated(ParseResult arguments, Shell shell, DocumentFile file, string text)
    {
        Changelog changelog = ChangelogParser.Parse(text);
        MadeMigration made = MadeMigration.Find(
            arguments.GetValue(Name)!, changelog, MigrationsOption.Read(arguments, file));
        if (made.Problem is { } problem)
        {
            return new EditOutcome.Refused(problem);
        }

        StepDate date = DateOption.Of(arguments, shell, changelog);
        return new Steps(ChangelogSteps.Migrated(made.Entry!, made.Migration!.Name, made.File, date, [])).Apply(
            text, DocumentEdit.Today(shell));
    }
}
