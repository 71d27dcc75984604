using System.CommandLine;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Cli.Changelogs;

/// <summary>What every command that edits the document does alike: write it, or show what would be written.</summary>
internal static class DocumentEdit
{
    public static Option<bool> DryRun { get; } = new("--dry-run") { Description = "Show the difference, write nothing." };

    /// <param name="edit">May be asked again, with a text that somebody else changed in between.</param>
    public static Task<int> RunAsync(
        ParseResult arguments, Shell shell, Func<DocumentFile, string, EditOutcome> edit, CancellationToken cancellation) =>
        DocumentRun.RunAsync(arguments, async file =>
        {
            bool isDry = arguments.GetValue(DryRun);
            (string before, EditOutcome outcome) = isDry || file.IsInput
                ? await UnwrittenAsync(file, text => edit(file, text), shell, cancellation)
                : await DocumentWriter.UpdateAsync(file, text => edit(file, text), shell, cancellation);
            return outcome switch
            {
                EditOutcome.Refused { Reason: var reason } => DocumentRun.Say(arguments, $"{file.Shown}: {reason}", ExitCodes.Blocked),
                EditOutcome.Edited { Text: var after } when file.IsInput && !isDry => Passed(arguments, after),
                EditOutcome.Edited { Text: var after } => Print(arguments, shell, EditReport.Of(file, before, after, isDry)),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        });

    /// <summary>The edits of one entry, which is named on the command line.</summary>
    public static EditOutcome Of(
        string text, ParseResult arguments, Shell shell, Func<ChangelogEntry, Changelog, Steps> steps)
    {
        Changelog changelog = ChangelogParser.Parse(text);
        (ChangelogEntry? entry, string? problem) = EntryArgument.Find(arguments, changelog);
        return entry is null
            ? new EditOutcome.Refused(problem!)
            : steps(entry, changelog).Apply(text, Today(shell));
    }

    public static DateOnly Today(Shell shell) => DateOnly.FromDateTime(shell.Time.GetLocalNow().DateTime);

    /// <summary>Prints the difference, or that there is none.</summary>
    public static int Print(ParseResult arguments, Shell shell, EditReport report)
    {
        TextWriter output = arguments.InvocationConfiguration.Output;
        if (OutputOption.IsJson(arguments))
        {
            CliJson.Write(output, report, CliJson.Relaxed.EditReport);
        }
        else
        {
            DiffPrinter.Print(report, shell.Text(output));
        }

        return ExitCodes.Open;
    }

    private static async Task<(string Before, EditOutcome Outcome)> UnwrittenAsync(
        DocumentFile file, Func<string, EditOutcome> edit, Shell shell, CancellationToken cancellation)
    {
        string text = await file.ReadAsync(shell, cancellation);
        return (text, edit(text));
    }

    private static int Passed(ParseResult arguments, string text)
    {
        arguments.InvocationConfiguration.Output.Write(text);
        return ExitCodes.Open;
    }
}

/// <summary>What is to be done to an entry, or why nothing is.</summary>
internal sealed record Steps(IReadOnlyList<ChangelogEdit> Edits)
{
    private string? Refusal { get; init; }

    public static Steps Refuse(string reason) => new([]) { Refusal = reason };

    public EditOutcome Apply(string text, DateOnly today) =>
        Refusal is { } reason ? new EditOutcome.Refused(reason) : ChangelogEditor.Apply(text, Edits, today);
}
