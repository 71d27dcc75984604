using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>The line that says when the document was last changed: <c>*Last Updated: December 24, 2025*</c>.</summary>
internal static class LastUpdated
{
    public static Proposal Set(EditableDocument document, DateOnly day)
    {
        Block? line = document.Blocks.LastOrDefault(document.Places.IsLastUpdated);
        if (line is null || Value(document, line) is not { } value)
        {
            return Proposal.Nothing(document);
        }

        string date = DateStyle.Write(day, document.Text[value]) ?? DateStyle.Write(day, document.Changelog);
        if (document.Text[value] == date)
        {
            return Proposal.Nothing(document);
        }

        (int start, int length) = value.GetOffsetAndLength(document.Text.Length);
        return Proposal.Nothing(document) with { Changes = [new(start, length, date)] };
    }

    /// <summary>What stands behind the colon, without marks of emphasis.</summary>
    private static Range? Value(EditableDocument document, Block line)
    {
        int start = line.Span.Start;
        ReadOnlySpan<char> text = document.Text.AsSpan(start, document.Source.LineEnd(start) - start);
        int colon = text.IndexOf(':') + 1;
        ReadOnlySpan<char> rest = text[colon..];
        int from = colon + rest.Length - rest.TrimStart(" \t*_").Length;
        int to = colon + rest.TrimEnd(" \t*_").Length;
        return colon > 0 && from < to ? (start + from)..(start + to) : null;
    }
}
