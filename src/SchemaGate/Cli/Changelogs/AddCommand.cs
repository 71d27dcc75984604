using System.CommandLine;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Cli.Changelogs;

/// <summary><c>schemagate changelog add</c>.</summary>
internal static class AddCommand
{
    private static readonly Option<bool> Edit = new("--edit")
    {
        Description = "Open the drafted entry in $VISUAL or $EDITOR, and add what is saved.",
    };

    public static Command Create(Shell shell)
    {
        Command command = new("add", """
            Write down a change before it is made: an entry of the Pending section.

            Without --title it asks on a terminal, or --edit opens an editor on a draft.

            Examples:
              schemagate changelog add
              schemagate changelog add --title add_coupons --description "Coupons" --change 'New `coupons` table' --risk Low
              schemagate changelog add --title add_coupons --edit

            Exit codes: 0 done, or it is there already; 1 refused; 2 wrong usage; 3 the document could not be read or written.
            """);
        foreach (Option option in EntryOptions.All)
        {
            command.Add(option);
        }

        command.Add(Edit);
        command.Add(DocumentEdit.DryRun);
        command.Add(DocumentFile.Option);
        command.Add(OutputOption.Option);
        command.SetAction((arguments, cancellation) => RunAsync(arguments, shell, cancellation));
        return command;
    }

    /// <summary>Whether an editor gets the terminal, and with it Ctrl-C, which then does not end this process.</summary>
    public static bool OpensEditor(ParseResult arguments) => arguments.GetValue(Edit);

    private static async Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        WrittenEntry entry = EntryOptions.Read(arguments);
        bool isEdited = arguments.GetValue(Edit);
        if (entry.Title.Length == 0 && !isEdited)
        {
            entry = shell.IsTerminal
                ? await EntryPrompt.AskAsync(entry, shell, arguments.InvocationConfiguration.Error, cancellation)
                : throw new UsageException("Nobody can be asked here: name the change with --title, or open an editor with --edit.");
        }

        if (!isEdited)
        {
            return await DocumentEdit.RunAsync(arguments, shell, (_, text) => Added(text, entry, shell), cancellation);
        }

        // The draft is of the document as it is now; what is saved goes to the document as it will be then.
        return await DocumentRun.RunAsync(arguments, async file =>
        {
            string text = await file.ReadAsync(shell, cancellation);
            return await TextEditor.EditAsync(
                ChangelogEditor.Draft(text, entry.Whole(Today(shell, text))),
                shell.Variable,
                arguments.InvocationConfiguration.Error,
                saved => DocumentEdit.RunAsync(
                    arguments, shell, (_, now) => ChangelogEditor.Apply(
                        now, [new ChangelogEdit.AddWritten(ChangelogStatus.Pending, saved)], DocumentEdit.Today(shell)), cancellation));
        });
    }

    private static EditOutcome Added(string text, WrittenEntry entry, Shell shell)
    {
        ChangelogEntry? same = ChangelogParser.Parse(text).Entries.FirstOrDefault(other => other.Name == entry.Title);
        // What was added on another day is there all the same.
        string today = same?.Field("Date Added")?.Text is { Length: > 0 } then ? then : Today(shell, text);
        return ChangelogEditor.Apply(text, [entry.Add(today)], DocumentEdit.Today(shell));
    }

    private static string Today(Shell shell, string text) => DateStyle.Write(DocumentEdit.Today(shell), ChangelogParser.Parse(text));
}
