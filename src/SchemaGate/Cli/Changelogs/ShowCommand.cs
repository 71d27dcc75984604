using System.CommandLine;
using SchemaGate.Core.Changelogs;

namespace SchemaGate.Cli.Changelogs;

/// <summary><c>schemagate changelog show</c>.</summary>
internal static class ShowCommand
{
    public static Command Create(Shell shell)
    {
        Command command = new("show", """
            Show one entry, and what is wrong with it.

            Examples:
              schemagate changelog show 20241224000000_add_sites_model
              schemagate changelog show add_sites_model --output json

            Exit codes: 0; 1 there is no such entry; 2 wrong usage; 3 the document could not be read.
            """)
        {
            EntryArgument.Argument, DocumentFile.Option, OutputOption.Option,
        };
        command.SetAction((arguments, cancellation) => DocumentRun.ReadAsync(
            arguments, shell, (file, changelog) => Print(arguments, shell, file, changelog), cancellation));
        return command;
    }

    private static int Print(ParseResult arguments, Shell shell, DocumentFile file, Changelog changelog)
    {
        (ChangelogEntry? entry, string? problem) = EntryArgument.Find(arguments, changelog);
        if (entry is null)
        {
            return DocumentRun.Say(arguments, problem!, ExitCodes.Blocked);
        }

        EntryReport report = EntryReport.Of(entry, changelog);
        TextWriter output = arguments.InvocationConfiguration.Output;
        if (OutputOption.IsJson(arguments))
        {
            CliJson.Write(output, report, CliJson.Relaxed.EntryReport);
        }
        else
        {
            EntryPrinter.Print(report, file.Shown, shell.Text(output));
        }

        return ExitCodes.Open;
    }
}
