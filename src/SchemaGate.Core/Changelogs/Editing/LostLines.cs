namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>Lines that a move takes away and writes nowhere, which parsing alone would not miss: a comment, a tag, a definition.</summary>
internal static class LostLines
{
    /// <summary>The first of them, or null. Headings change their level, and what an empty section says comes and goes.</summary>
    public static string? First(string text, Proposal move)
    {
        Dictionary<string, int> written = new(StringComparer.Ordinal);
        foreach (string line in move.Changes.SelectMany(change => Lines(change.Text)))
        {
            written[line] = written.GetValueOrDefault(line) + 1;
        }

        foreach (string line in move.Changes.SelectMany(change => Lines(text.Substring(change.Start, change.Length))))
        {
            int left = written.GetValueOrDefault(line);
            if (left == 0 && !line.StartsWith('#') && !NoneText.IsNone(line))
            {
                return line;
            }

            written[line] = left - 1;
        }

        return null;
    }

    private static string[] Lines(string text) =>
        text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
