using System.Text;
using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>Entries as text.</summary>
internal static class EntryText
{
    private const int MaxLevel = 6;

    public static string Write(int level, string name, IReadOnlyList<FieldValue> fields, FieldStyle style, string lineEnd)
    {
        IEnumerable<string> lines = fields.Select(field => style.Write(field, lineEnd));
        return string.Join(lineEnd, lines.Prepend($"{new string('#', level)} {name}"));
    }

    /// <summary>
    /// An entry's own text with its heading at another level and those of its sub-chapters as much deeper; null where that cannot be
    /// written, because it is underlined or would be deeper than six.
    /// </summary>
    public static string? AtLevel(EntryPlace entry, int level, string text)
    {
        int deeper = level - entry.Draft.Chapter.Level;
        List<Chapter> chapters = [entry.Draft.Chapter, .. entry.Draft.Parts];
        if (deeper == 0)
        {
            return text[entry.Start..entry.End];
        }

        if (chapters.Exists(chapter => chapter.IsUnderlined || chapter.Level + deeper is < 1 or > MaxLevel))
        {
            return null;
        }

        StringBuilder moved = new();
        int copied = entry.Start;
        foreach (HeadingBlock heading in chapters.Select(chapter => chapter.Heading))
        {
            moved.Append(text, copied, heading.Span.Start - copied).Append('#', heading.Level + deeper);
            copied = heading.Span.Start + heading.Level;
        }

        return moved.Append(text, copied, entry.End - copied).ToString();
    }
}
