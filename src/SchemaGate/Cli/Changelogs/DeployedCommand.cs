using System.CommandLine;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Cli.Changelogs;

/// <summary><c>schemagate changelog deployed</c>.</summary>
internal static class DeployedCommand
{
    public static Command Create(Shell shell)
    {
        Command command = new("deployed", """
            Say that production has a migration: move its entry to the Deployed section, with status and date.

            Examples:
              schemagate changelog deployed 20241224000000_add_sites_model
              schemagate changelog deployed add_sites_model --date 2024-12-27 --dry-run
              git show HEAD:docs/DATABASE_SCHEMA_CHANGELOG.md | schemagate changelog deployed add_sites_model --changelog -

            Exit codes: 0 done, or nothing to do; 1 refused; 2 wrong usage; 3 the document could not be read or written.
            """)
        {
            EntryArgument.Argument, DateOption.Option, DocumentEdit.DryRun, DocumentFile.Option, OutputOption.Option,
        };
        command.SetAction((arguments, cancellation) => DocumentEdit.RunAsync(
            arguments, shell, (_, text) => DocumentEdit.Of(
                text, arguments, shell, (entry, changelog) => Deployed(arguments, shell, entry, changelog)), cancellation));
        return command;
    }

    private static Steps Deployed(ParseResult arguments, Shell shell, ChangelogEntry entry, Changelog changelog) => entry.IsPending
        ? Steps.Refuse($"'{entry.Name}' is PENDING: what has no migration cannot be deployed. First `schemagate changelog migrated`.")
        : new(ChangelogSteps.Deployed(entry, DateOption.Of(arguments, shell, changelog)));
}
