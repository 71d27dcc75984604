using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs;

/// <summary>What is wrong with the document as a whole: missing sections, hidden parts, statuses outside every section.</summary>
internal static class DocumentRules
{
    public static void Judge(MarkdownDocument document, DocumentOutline outline, BlockReader reader, ICollection<Finding> findings)
    {
        JudgeSections(outline, findings);
        JudgeEnd(document, reader, findings);
        foreach (HtmlBlock html in document.OfType<HtmlBlock>().Where(HidesHeading))
        {
            const string Message = "A heading stands inside HTML, where Markdown does not read it: put a blank line before it.";
            findings.Add(new(FindingIds.UnreadableBlock, FindingSeverity.Blocking, Message, reader.Span(html), null));
        }

        foreach (Chapter chapter in outline.Outside)
        {
            JudgeOutside(chapter, reader, findings);
        }

        foreach (Chapter entry in outline.Sections.SelectMany(section => section.Entries))
        {
            JudgeIndentation(entry, reader, findings);
        }
    }

    private static void JudgeSections(DocumentOutline outline, ICollection<Finding> findings)
    {
        var missing = Enum.GetValues<ChangelogStatus>().Except(outline.Sections.Select(section => section.Status)).ToList();
        if (outline.Sections.Count == 0)
        {
            const string Message = "The document has none of the sections Pending, Migrated and Deployed: it is no changelog.";
            findings.Add(new(FindingIds.NotAChangelog, FindingSeverity.Blocking, Message, new(1, 1, 0), null));
        }
        else if (missing.Count > 0)
        {
            // A heading such as "Currently pending" is likely the section that was meant: what stands there was not read.
            bool isMisnamed = missing.Contains(ChangelogStatus.Pending)
                && outline.Outside.Any(chapter => StatusText.Mentions(chapter.Title, ChangelogStatus.Pending));
            string message = $"The document has no {string.Join(" and no ", missing)} section: a section's heading begins with that word.";
            findings.Add(new(
                FindingIds.SectionMissing, isMisnamed ? FindingSeverity.Blocking : FindingSeverity.Warning, message, new(1, 1, 0), null));
        }
    }

    /// <summary>A fence or a comment that nobody closed swallows the rest of the document, and whatever is pending there.</summary>
    private static void JudgeEnd(MarkdownDocument document, BlockReader reader, ICollection<Finding> findings)
    {
        string? what = document.LastOrDefault() switch
        {
            FencedCodeBlock { ClosingFencedCharCount: 0 } => "code fence",
            HtmlBlock { Type: HtmlBlockType.Comment } html when !LastLine(html).Contains("-->", StringComparison.Ordinal) => "comment",
            HtmlBlock { Type: HtmlBlockType.CData } html when !LastLine(html).Contains("]]>", StringComparison.Ordinal) => "CDATA section",
            HtmlBlock { Type: HtmlBlockType.ProcessingInstruction } html when !LastLine(html).Contains("?>", StringComparison.Ordinal) =>
                "processing instruction",
            HtmlBlock { Type: HtmlBlockType.DocumentType } html when !LastLine(html).Contains('>', StringComparison.Ordinal) =>
                "declaration",
            HtmlBlock { Type: HtmlBlockType.ScriptPreOrStyle } html when !LastLine(html).Contains("</", StringComparison.Ordinal) =>
                "HTML element",
            _ => null,
        };
        if (what is not null)
        {
            string message = $"A {what} is never closed, so the rest of the document cannot be read: close it.";
            findings.Add(new(FindingIds.UnreadableBlock, FindingSeverity.Blocking, message, reader.Span(document.LastChild!), null));
        }
    }

    /// <summary>
    /// An entry that stands in no section is not read; a pending one blocks all the same. Several statuses are a legend, and a line of a
    /// paragraph that says more than the status is prose.
    /// </summary>
    private static void JudgeOutside(Chapter chapter, BlockReader reader, ICollection<Finding> findings)
    {
        var stated = reader.Fields(chapter.Body.OfType<ListBlock>())
            .Concat(reader.Fields(chapter.Body.OfType<ParagraphBlock>()).Where(field => Words.In(field.Text).Count() == 1))
            .Where(FieldLabel.IsStatus)
            .ToList();
        var statuses = stated.Select(field => StatusText.Parse(field.Text)).Distinct().ToList();
        if (statuses is not [{ } status])
        {
            return;
        }

        findings.Add(status == ChangelogStatus.Pending
            ? new(
                FindingIds.PendingChange,
                FindingSeverity.Blocking,
                $"'{chapter.Title}' is PENDING and stands in no section: move it to the Pending section; "
                    + "an example belongs in a code fence.",
                stated[0].Span,
                chapter.Title)
            : new(
                FindingIds.StatusSectionMismatch,
                FindingSeverity.Warning,
                $"'{chapter.Title}' has a Status but stands in no section, so it is no entry: move it to the {status} section.",
                stated[0].Span,
                chapter.Title));
    }

    /// <summary>Bullets indented by four spaces are code to Markdown: a Status there would be overlooked.</summary>
    private static void JudgeIndentation(Chapter chapter, BlockReader reader, ICollection<Finding> findings)
    {
        foreach (CodeBlock code in chapter.Body.OfType<CodeBlock>().Where(block => block is not FencedCodeBlock))
        {
            if (MarkdownBlocks.Lines(code).Any(FieldLabel.BeginsWithStatus))
            {
                string message = $"The Status of '{chapter.Title}' is indented like code and is not read: take the indentation away.";
                findings.Add(new(FindingIds.UnreadableBlock, FindingSeverity.Blocking, message, reader.Span(code), chapter.Title));
            }
        }
    }

    private static bool HidesHeading(HtmlBlock html) =>
        html.Type is HtmlBlockType.InterruptingBlock or HtmlBlockType.NonInterruptingBlock
        && MarkdownBlocks.Lines(html).Any(line => IsHeading(line));

    private static string LastLine(HtmlBlock html) => MarkdownBlocks.Lines(html).LastOrDefault("");

    private static bool IsHeading(string line)
    {
        string title = line.TrimStart('#');
        return line.Length - title.Length is >= 1 and <= 6 && title is [' ' or '\t', ..];
    }
}
