using System.CommandLine;
using SchemaGate.Core.Changelogs;

namespace SchemaGate.Cli.Changelogs;

/// <summary><c>schemagate changelog list</c>.</summary>
internal static class ListCommand
{
    private static readonly Option<string?> Status = CreateStatus();

    public static Command Create(Shell shell)
    {
        Command command = new("list", """
            List the document's entries.

            Examples:
              schemagate changelog list
              schemagate changelog list --status pending
              schemagate changelog list --output json | jq -r '.entries[] | select(.risk == "High") | .name'

            Exit codes: 0; 1 the document is no changelog; 2 wrong usage; 3 it could not be read.
            """)
        {
            Status, DocumentFile.Option, OutputOption.Option,
        };
        command.SetAction((arguments, cancellation) => DocumentRun.ReadAsync(
            arguments, shell, (file, changelog) => Print(arguments, shell, file, changelog), cancellation));
        return command;
    }

    private static int Print(ParseResult arguments, Shell shell, DocumentFile file, Changelog changelog)
    {
        string? status = arguments.GetValue(Status);
        EntriesReport report = new(file.Shown, [.. changelog.Entries.Select(entry => EntryReport.Of(entry, changelog))
            .Where(entry => status is null || entry.Status.Equals(status, StringComparison.OrdinalIgnoreCase))]);
        TextWriter output = arguments.InvocationConfiguration.Output;
        if (OutputOption.IsJson(arguments))
        {
            CliJson.Write(output, report, CliJson.Relaxed.EntriesReport);
        }
        else
        {
            EntryPrinter.Print(report, shell.Text(output));
        }

        return ExitCodes.Open;
    }

    private static Option<string?> CreateStatus()
    {
        Option<string?> option = new("--status") { Description = "Only entries with this status." };
        return option.AcceptOnlyFromAmong("pending", "migrated", "deployed");
    }
}
