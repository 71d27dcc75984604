using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs;

/// <summary>The document's sections, and the chapters that stand in none of them.</summary>
internal sealed record DocumentOutline(IReadOnlyList<Section> Sections, IReadOnlyList<Chapter> Outside)
{
    private static readonly int s_statuses = Enum.GetValues<ChangelogStatus>().Length;

    public static DocumentOutline Of(MarkdownDocument document, BlockReader reader)
    {
        List<Chapter> chapters = Chapters(document, reader);
        (int level, bool complete) = SectionLevel(chapters);
        List<Section> sections = [];
        List<Chapter> outside = [];
        Section? current = null;
        foreach (Chapter chapter in chapters)
        {
            if (current is { Chapter.IsUnderlined: false } && chapter.IsUnderlined)
            {
                Demote(chapter, current);
            }
            else if (Opens(chapter, current, level, complete) is { } status)
            {
                current = new(status, chapter);
                sections.Add(current);
            }
            else
            {
                current = current is not null && chapter.Level > current.Chapter.Level ? current : null;
                (current?.Entries ?? outside).Add(chapter);
            }
        }

        return new(sections, outside);
    }

    /// <summary>
    /// A paragraph that a rule follows without a blank line is a heading to Markdown. Between # headings it was not meant so.
    /// </summary>
    private static void Demote(Chapter chapter, Section section)
    {
        List<Block> body = section.Entries.Count == 0 ? section.Chapter.Body : section.Entries[^1].Body;
        body.Add(chapter.Heading);
        body.AddRange(chapter.Body);
    }

    /// <summary>
    /// A heading opens a section when its first word is a status. Below a section it is an entry ("Deployed flag on orders"), unless
    /// the sections of this document stand that deep; below Pending only when all three do, since what is wrong there must block.
    /// </summary>
    private static ChangelogStatus? Opens(Chapter chapter, Section? current, int level, bool complete)
    {
        bool mayOpen = current is null || chapter.Level <= current.Chapter.Level
            || (chapter.Level <= level && (complete || current.Status != ChangelogStatus.Pending));
        return mayOpen ? StatusText.FirstWord(chapter.Title) : null;
    }

    /// <summary>The shallowest level whose headings name all three statuses; else the deepest that names most.</summary>
    private static (int Level, bool Complete) SectionLevel(List<Chapter> chapters)
    {
        var levels = chapters
            .GroupBy(chapter => chapter.Level, chapter => StatusText.FirstWord(chapter.Title))
            .Select(group => (Level: group.Key, Count: group.OfType<ChangelogStatus>().Distinct().Count()))
            .ToList();
        var complete = levels.Where(level => level.Count == s_statuses).ToList();
        return complete.Count > 0
            ? (complete.Min(level => level.Level), true)
            : (levels.OrderByDescending(level => level.Count).ThenByDescending(level => level.Level).FirstOrDefault().Level, false);
    }

    private static List<Chapter> Chapters(MarkdownDocument document, BlockReader reader)
    {
        List<Chapter> chapters = [];
        foreach (Block block in document)
        {
            if (block is HeadingBlock heading)
            {
                chapters.Add(new(heading, heading.Level, reader.Title(heading), heading.IsSetext));
            }
            else if (chapters.Count > 0)
            {
                chapters[^1].Body.Add(block);
            }
        }

        return chapters;
    }
}
