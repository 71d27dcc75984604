namespace SchemaGate.Cli.Changelogs;

/// <summary>Asks for an entry, a line at a time; what the command line said already is not asked.</summary>
internal static class EntryPrompt
{
    /// <exception cref="UsageException">No title was given.</exception>
    public static async Task<WrittenEntry> AskAsync(
        WrittenEntry entry, Shell shell, TextWriter questions, CancellationToken cancellation)
    {
        using StreamReader answers = new(shell.OpenInput());
        string title = await LineAsync("Title, such as add_coupons");
        if (title.Length == 0)
        {
            throw new UsageException("A change without a title cannot be found again: nothing was added.");
        }

        return new(
            title,
            await UnlessAsync(entry.Description, "Description"),
            await ListUnlessAsync(entry.Changes, "Change"),
            await UnlessAsync(entry.Risk, "Risk Level (Low, Medium, High, Critical)"),
            await UnlessAsync(entry.Rollback, "Rollback"))
        {
            Notes = await ListUnlessAsync(entry.Notes, "Production note"),
        };

        async Task<string> LineAsync(string question)
        {
            await questions.WriteAsync($"{question}: ");
            return (await answers.ReadLineAsync(cancellation))?.Trim() ?? "";
        }

        async Task<string> UnlessAsync(string said, string question) => said.Length > 0 ? said : await LineAsync(question);

        async Task<IReadOnlyList<string>> ListUnlessAsync(IReadOnlyList<string> said, string question)
        {
            List<string> lines = [.. said];
            if (said.Count == 0)
            {
                while (await LineAsync($"{question} (empty to go on)") is { Length: > 0 } line)
                {
                    lines.Add(line);
                }
            }

            return lines;
        }
    }
}
