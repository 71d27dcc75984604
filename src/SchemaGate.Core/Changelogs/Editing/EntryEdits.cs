namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>Edits of whole entries.</summary>
internal static class EntryEdits
{
    public static Proposal Add(EditableDocument document, ChangelogEdit.AddEntry add)
    {
        string name = PlainText.Line(add.Name);
        FieldStyle style = document.Style.Fields(
            document.Sections.Where(section => section.Status == add.Section).SelectMany(section => section.Entries));
        List<FieldValue> fields = [.. add.Fields.Select(style.Fit)];
        List<ChangelogField> meant = fields.ConvertAll(field => FieldEdits.Meant(field, document.Reader));
        if (document.Changelog.Entries.FirstOrDefault(entry => entry.Name == name) is { } same)
        {
            return same.Section == add.Section && meant.TrueForAll(field => same.Fields.Any(
                    other => other.Label == field.Label && FieldEdits.Says(other, field, anyItems: false)))
                ? Proposal.Nothing(document)
                : Proposal.Refuse($"The document has an entry '{name}' already, in line {same.Span.Line}.");
        }

        ChangelogStatus status = EntryRules.Status(meant, add.Section);
        EntryPlacement placement = new(document);
        placement.PutIn([new(name, status, add.Section, default, meant)], (_, level, section) => EntryText.Write(
            level, PlainText.Title(name, document.Reader), fields, style, document.Style.LineEnd(section?.End ?? 0)));
        return placement.Proposal;
    }

    /// <summary>What somebody wrote by hand.</summary>
    public static Proposal Add(EditableDocument document, ChangelogEdit.AddWritten add)
    {
        // Read alone, below a section of its own: one entry, and nothing that would be read as anything else.
        ReadDocument alone = ChangelogParser.Read($"# {add.Section}\n\n{add.Markdown.ReplaceLineEndings("\n").Trim('\n')}\n");
        if (alone.Parts is null || alone.Changelog.Entries is not [var entry] || entry.Span.Line != 3
            || alone.Changelog.Findings.Any(finding => finding.Id == FindingIds.UnreadableBlock))
        {
            return Proposal.Refuse("That is not one entry: a heading with a name, and its bullets below.");
        }

        if (document.Changelog.Entries.FirstOrDefault(other => other.Name == entry.Name) is { } same)
        {
            return Proposal.Refuse($"The document has an entry '{entry.Name}' already, in line {same.Span.Line}.");
        }

        EntryPlace written = new EditableDocument(alone, alone.Parts).Entries.Single();
        if (!alone.Source.Text.AsSpan(written.End).Trim(" \t\r\n-*_").IsEmpty)
        {
            return Proposal.Refuse($"Something stands behind '{entry.Name}' that would not come with it, such as a link's definition "
                + "or a comment: write it into the document by hand.");
        }

        EntryPlacement placement = new(document);
        placement.PutIn([entry], (_, level, section) => (EntryText.AtLevel(written, level, alone.Source.Text) ?? "")
            .ReplaceLineEndings(document.Style.LineEnd(section?.End ?? 0)));
        return placement.Proposal;
    }

    public static string Draft(EditableDocument document, ChangelogEdit.AddEntry add)
    {
        List<SectionPlace> sections = [.. document.Sections.Where(section => section.Status == add.Section)];
        FieldStyle style = document.Style.Fields(sections.SelectMany(section => section.Entries));
        int sectionLevel = document.Sections is [var first, ..] ? first.Section.Chapter.Level : 2;
        int level = document.Style.EntryLevel(sections is [var section, ..] ? section : null, sectionLevel);
        return EntryText.Write(level, PlainText.Title(add.Name, document.Reader), [.. add.Fields.Select(style.Fit)], style, "\n");
    }

    public static Proposal Move(EditableDocument document, IReadOnlyList<ChangelogEdit.MoveEntry> edits)
    {
        // By what they will be: an entry is what it was but for its section, and for a status that it has of that.
        Dictionary<ChangelogEntry, EntryPlace> moved = new(ReferenceEqualityComparer.Instance);
        foreach (ChangelogEdit.MoveEntry edit in edits)
        {
            (EntryPlace? entry, string? problem) = document.Entry(edit.Name);
            if (entry is null)
            {
                return Proposal.Refuse(problem!);
            }

            if (entry.Entry.Section != edit.Section)
            {
                ChangelogStatus status = EntryRules.Status(entry.Entry.Fields, edit.Section);
                moved.Add(entry.Entry with { Section = edit.Section, Status = status }, entry);
            }
        }

        return moved.Count == 0 ? Proposal.Nothing(document) : Move(document, moved);
    }

    private static Proposal Move(EditableDocument document, Dictionary<ChangelogEntry, EntryPlace> moved)
    {
        EntryPlacement placement = new(document);
        HashSet<ChangelogStatus> left = [.. moved.Values.Select(entry => entry.Entry.Section)];
        if (left.Overlaps(moved.Keys.Select(entry => entry.Section)) || !placement.TakeOut([.. moved.Values]))
        {
            return Proposal.OneByOne;
        }

        EntryPlace? misfit = null;
        foreach (IGrouping<ChangelogStatus, ChangelogEntry> section in moved.Keys.GroupBy(entry => entry.Section))
        {
            placement.PutIn([.. section], (entry, level, _) =>
            {
                string? text = EntryText.AtLevel(moved[entry], level, document.Text);
                misfit ??= text is null ? moved[entry] : null;
                return text ?? "";
            });
        }

        if (misfit is not null)
        {
            return Proposal.Refuse($"'{misfit.Entry.Name}' (line {misfit.Entry.Span.Line}) has headings that do not fit the "
                + $"{moved.Keys.First(entry => moved[entry] == misfit).Section} section: move it by hand.");
        }

        // Of several entries this is said by name when they are moved one by one.
        Proposal move = placement.Proposal;
        return LostLines.First(document.Text, move) is { } lost
            ? Proposal.Refuse($"Moving '{moved.Values.First().Entry.Name}' would lose the line '{lost}': move it by hand.")
            : move;
    }

    public static Proposal Rename(EditableDocument document, ChangelogEdit.RenameEntry rename)
    {
        IReadOnlyList<ChangelogEntry> entries = document.Changelog.Entries;
        ChangelogEntry? taken = entries.FirstOrDefault(entry => entry.Name == rename.NewName);
        if (taken is not null)
        {
            return rename.Name == rename.NewName || entries.All(entry => entry.Name != rename.Name)
                ? Proposal.Nothing(document)
                : Proposal.Refuse($"The document has an entry '{rename.NewName}' already, in line {taken.Span.Line}.");
        }

        (EntryPlace? renamed, string? problem) = document.Entry(rename.Name);
        if (renamed is null)
        {
            return Proposal.Refuse(problem!);
        }

        return new(
            [Heading(document, renamed, rename.NewName)],
            [.. entries.Select(entry => ReferenceEquals(entry, renamed.Entry) ? entry with { Name = rename.NewName } : entry)]);
    }

    /// <summary>The title where it stands in the heading; all that the heading says where it would not be read there.</summary>
    private static TextChange Heading(EditableDocument document, EntryPlace entry, string name)
    {
        int start = entry.Draft.Chapter.Heading.Span.Start;
        string line = document.Text[start..document.Source.LineEnd(start)];
        string title = PlainText.Title(name, document.Reader);
        int from = line.Length - line.TrimStart('#').TrimStart().Length;
        int to = Math.Max(line.TrimEnd().TrimEnd('#').TrimEnd().Length, from);
        int at = line.IndexOf(entry.Entry.Name, from, StringComparison.Ordinal);
        int end = at + entry.Entry.Name.Length;
        return at >= 0 && end <= to && document.Reader.Title(string.Concat(line[from..at], title, line[end..to])) == name
            ? new(start + at, entry.Entry.Name.Length, title)
            : new(start + from, to - from, title);
    }
}
