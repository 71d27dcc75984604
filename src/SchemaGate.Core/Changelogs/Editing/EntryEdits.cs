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
        placement.PutIn(new(name, status, add.Section, default, meant), (level, section) => EntryText.Write(
            level, PlainText.Title(name, document.Reader), fields, style, document.Style.LineEnd(section?.End ?? 0)));
        return placement.Proposal;
    }

    public static Proposal Move(EditableDocument document, EntryPlace entry, ChangelogStatus section)
    {
        if (entry.Entry.Section == section)
        {
            return Proposal.Nothing(document);
        }

        string? text = null;
        EntryPlacement placement = new(document);
        placement.PutIn(
            entry.Entry with { Section = section, Status = EntryRules.Status(entry.Entry.Fields, section) },
            (level, _) => (text = EntryText.AtLevel(entry, level, document.Text)) ?? "");
        placement.TakeOut(entry);
        return text is null
            ? Proposal.Refuse($"'{entry.Entry.Name}' (line {entry.Entry.Span.Line}) has headings that do not fit the {section} section: "
                + "move it by hand.")
            : placement.Proposal;
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

        (ChangelogEntry? renamed, string? problem) = EntryNames.Exact(entries, rename.Name);
        if (renamed is null)
        {
            return Proposal.Refuse(problem!);
        }

        return new(
            [Heading(document, document.Entry(renamed), PlainText.Title(rename.NewName, document.Reader))],
            [.. entries.Select(entry => ReferenceEquals(entry, renamed) ? entry with { Name = rename.NewName } : entry)]);
    }

    /// <summary>The title as it is written in the heading; all that the heading says where it is written in another way.</summary>
    private static TextChange Heading(EditableDocument document, EntryPlace entry, string title)
    {
        int start = entry.Draft.Chapter.Heading.Span.Start;
        string line = document.Text[start..document.Source.LineEnd(start)];
        int marks = line.Length - line.TrimStart('#').Length;
        int at = line.IndexOf(entry.Entry.Name, StringComparison.Ordinal);
        if (at >= 0 && line.IndexOf(entry.Entry.Name, at + 1, StringComparison.Ordinal) < 0)
        {
            return new(start + at, entry.Entry.Name.Length, title);
        }

        int from = marks + (line.Length - marks - line[marks..].TrimStart().Length);
        return new(start + from, line.TrimEnd().Length - from, title);
    }
}
