using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>The line that says when the document was last changed: <c>*Last Updated: December 24, 2025*</c>.</summary>
internal static class LastUpdated
{
    private const string Marks = " \t*_`";
    private const int LongestDay = 60;

    /// <summary>What ends the day: the line's end, a remark, markup.</summary>
    private static readonly string[] s_ends = ["", " | ", " by ", "(", " - ", " – ", " — ", " · ", ";", "<", "\\"];

    public static Proposal Set(EditableDocument document, DateOnly day)
    {
        Block? line = document.Blocks.LastOrDefault(document.Places.IsLastUpdated);
        if (line is null || Value(document, line) is not { } value)
        {
            return Proposal.Nothing(document);
        }

        string date = DateStyle.Like(document.Text[value], day, document.Changelog);
        if (document.Text[value] == date)
        {
            return Proposal.Nothing(document);
        }

        (int start, int length) = value.GetOffsetAndLength(document.Text.Length);
        return Proposal.Nothing(document) with { Changes = [new(start, length, date)] };
    }

    /// <summary>The day behind the colon, without marks and what is said of it; null where no day stands there.</summary>
    private static Range? Value(EditableDocument document, Block line)
    {
        int start = line.Span.Start;
        ReadOnlySpan<char> text = document.Text.AsSpan(start, document.Source.LineEnd(start) - start);
        int from = text.IndexOfAny(':', '：') + 1;
        while (from > 0 && from < text.Length && Marks.Contains(text[from], StringComparison.Ordinal))
        {
            from++;
        }

        ReadOnlySpan<char> rest = text[from..];
        int longest = 0;
        foreach (string end in s_ends)
        {
            int at = end.Length == 0 ? rest.Length : rest.IndexOf(end, StringComparison.Ordinal);
            ReadOnlySpan<char> day = rest[..Math.Max(at, 0)].TrimEnd(Marks + ",.;");
            longest = day.Length > longest && day.Length <= LongestDay && !day.Contains('(') && DateText.IsDate(day.ToString())
                ? day.Length
                : longest;
        }

        return from > 0 && longest > 0 ? (start + from)..(start + from + longest) : null;
    }
}
