using System.CommandLine;
using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Cli.Changelogs;

/// <summary><c>schemagate changelog fmt</c>.</summary>
internal static class FmtCommand
{
    private static readonly Option<bool> Check = new("--check")
    {
        Description = "Write nothing; exit with 1 where something would change.",
    };

    public static Command Create(Shell shell)
    {
        Command command = new("fmt", """
            Write the document's entries in one way: labels, bullets, status words, blank lines, white space at line ends.

            What is not written plainly stays as it is, and the document means the same after it.

            Examples:
              schemagate changelog fmt
              schemagate changelog fmt --check

            Exit codes: 0 done; 1 refused, or with --check not formatted; 2 wrong usage; 3 the document could not be read or written.
            """)
        {
            Check, DocumentEdit.DryRun, DocumentFile.Option, OutputOption.Option,
        };
        command.SetAction((arguments, cancellation) => arguments.GetValue(Check)
            ? CheckAsync(arguments, shell, cancellation)
            : DocumentEdit.RunAsync(arguments, shell, (_, text) => ChangelogFormatter.Format(text), cancellation));
        return command;
    }

    private static Task<int> CheckAsync(ParseResult arguments, Shell shell, CancellationToken cancellation) =>
        DocumentRun.RunAsync(arguments, async file =>
        {
            string text = await file.ReadAsync(shell, cancellation);
            switch (ChangelogFormatter.Format(text))
            {
                case EditOutcome.Edited { Text: var formatted }:
                    EditReport report = EditReport.Of(file, text, formatted, isDry: true);
                    DocumentEdit.Print(arguments, shell, report);
                    return report.Changed ? ExitCodes.Blocked : ExitCodes.Open;
                case EditOutcome.Refused { Reason: var reason }:
                    return DocumentRun.Say(arguments, $"{file.Shown}: {reason}", ExitCodes.Blocked);
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        });
}
