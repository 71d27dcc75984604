namespace SchemaGate.Core.Changelogs;

/// <summary>The words of a text: runs of letters.</summary>
internal static class Words
{
    public static IEnumerable<Range> In(string text)
    {
        int start = -1;
        for (int index = 0; index <= text.Length; index++)
        {
            bool isLetter = index < text.Length && char.IsLetter(text[index]);
            if (isLetter && start < 0)
            {
                start = index;
            }
            else if (!isLetter && start >= 0)
            {
                yield return start..index;
                start = -1;
            }
        }
    }

    /// <summary>Whether the word is one by itself, not a part of an identifier such as <c>add_pending_orders</c>.</summary>
    public static bool StandsAlone(string text, Range word) =>
        (word.Start.Value == 0 || text[word.Start.Value - 1] != '_') && (word.End.Value == text.Length || text[word.End.Value] != '_');
}
