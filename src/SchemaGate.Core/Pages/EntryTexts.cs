using Markdig.Syntax;
using SchemaGate.Core.Changelogs;

namespace SchemaGate.Core.Pages;

/// <summary>The Markdown of one entry, as it stands below its heading.</summary>
/// <param name="Markdown">Whole lines.</param>
/// <param name="FirstLine">The first of them in the document, from 1.</param>
/// <param name="EndLine">The first behind them.</param>
/// <param name="Left">Lines of bullets that are shown otherwise.</param>
public sealed record EntryText(string Markdown, int FirstLine, int EndLine, IReadOnlySet<int> Left)
{
    /// <summary>Whether the document has more of it.</summary>
    public bool IsCut { get; init; }
}

/// <summary>Cuts a document into the texts of its entries.</summary>
internal static class EntryTexts
{
    /// <summary>What stands in an entry's head, and not in its prose.</summary>
    private static readonly string[] s_head = ["Status", "Risk Level", "Risk"];

    /// <summary>By the line of the entry's heading. Takes time linear in the text.</summary>
    public static IReadOnlyDictionary<int, EntryText> Of(string text, IReadOnlyList<ChangelogEntry> entries)
    {
        SourceText source = new(text);
        if (DocumentLimits.Refuse(source) is not null || MarkdownBlocks.Parse(source) is not { } document)
        {
            return new Dictionary<int, EntryText>();
        }

        Dictionary<int, ChangelogEntry> byLine = entries.GroupBy(entry => entry.Span.Line)
            .ToDictionary(group => group.Key, group => group.First());
        Dictionary<int, EntryText> texts = [];
        for (int index = 0; index < document.Count; index++)
        {
            if (document[index] is HeadingBlock heading && byLine.TryGetValue(heading.Line + 1, out ChangelogEntry? entry))
            {
                int end = EndOf(document, index, heading, byLine);
                int first = index + 1 < end ? document[index + 1].Line : -1;
                int last = end < document.Count ? document[end].Line : source.LineCount;
                if (first >= 0)
                {
                    texts[entry.Span.Line] = new(source.Lines(first, last), first + 1, last + 1, LeftOut(entry));
                }
            }
        }

        return texts;
    }

    public static bool IsDate(ChangelogField field) => field.Label.StartsWith("Date ", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The block at which the entry's own end: another entry, or a heading that is no part of it. A paragraph with a rule below it was not
    /// meant as one.
    /// </summary>
    private static int EndOf(MarkdownDocument document, int entry, HeadingBlock heading, Dictionary<int, ChangelogEntry> entries)
    {
        int index = entry + 1;
        while (index < document.Count && !(document[index] is HeadingBlock next
            && ((next.Level <= heading.Level && (heading.IsSetext || !next.IsSetext)) || entries.ContainsKey(next.Line + 1))))
        {
            index++;
        }

        return index;
    }

    private static HashSet<int> LeftOut(ChangelogEntry entry) =>
        [.. entry.Fields
            .Where(field => field.Items.Count == 0 && !field.HasBlock
                && (IsDate(field) || s_head.Contains(field.Label, StringComparer.OrdinalIgnoreCase)))
            .Select(field => field.Span.Line)];
}
