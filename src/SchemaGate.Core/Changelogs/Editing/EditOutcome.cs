namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>What became of an edit.</summary>
public abstract record EditOutcome
{
    private EditOutcome()
    {
    }

    /// <summary>The whole new text. It was parsed, and means what was meant.</summary>
    /// <param name="Changes">What was replaced, by places of the text before, ascending; none where nothing was left to do.</param>
    public sealed record Edited(string Text, IReadOnlyList<TextChange> Changes) : EditOutcome;

    /// <summary>Nothing was changed.</summary>
    /// <param name="Reason">Sentences that say why, and what to do.</param>
    public sealed record Refused(string Reason) : EditOutcome;
}

/// <summary>One replaced piece of a text, which may begin with a byte order mark.</summary>
/// <param name="Start">UTF-16 code units from the beginning of the text before.</param>
/// <param name="Length">How many of its code units are taken away.</param>
/// <param name="Text">What stands there instead.</param>
public sealed record TextChange(int Start, int Length, string Text)
{
    /// <summary>The text after changes that are ascending and do not overlap.</summary>
    internal static string Apply(string text, IEnumerable<TextChange> changes)
    {
        System.Text.StringBuilder result = new(text.Length);
        int copied = 0;
        foreach (TextChange change in changes)
        {
            result.Append(text, copied, change.Start - copied).Append(change.Text);
            copied = change.Start + change.Length;
        }

        return result.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>The one piece in which two texts differ, or null.</summary>
    internal static TextChange? Between(string before, string after)
    {
        int start = before.AsSpan().CommonPrefixLength(after);
        int most = Math.Min(before.Length, after.Length) - start;
        int end = 0;
        while (end < most && before[^(end + 1)] == after[^(end + 1)])
        {
            end++;
        }

        return before == after ? null : new(start, before.Length - start - end, after[start..^end]);
    }
}
