using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>Edits of one entry's fields.</summary>
internal sealed class FieldEdits(EditableDocument document, EntryPlace entry)
{
    private readonly IReadOnlyList<FieldPlace> _places = FieldPlace.Of(entry, document);

    /// <param name="document">The document.</param>
    /// <param name="edits">Each of another entry.</param>
    public static Proposal Of(EditableDocument document, IReadOnlyList<ChangelogEdit> edits)
    {
        List<TextChange> changes = [];
        Dictionary<ChangelogEntry, ChangelogEntry> changed = new(ReferenceEqualityComparer.Instance);
        foreach (ChangelogEdit edit in edits)
        {
            (EntryPlace? entry, string? refusal) = document.Entry(EditBatches.Entry(edit)!);
            EntryChange? made = entry is null ? null : new FieldEdits(document, entry).Make(edit);
            if ((made is null ? refusal : made.Refusal) is { } reason)
            {
                return Proposal.Refuse(reason);
            }

            changes.AddRange(made!.Changes);
            changed[entry!.Entry] = made.Meant;
        }

        return new(changes, [.. document.Changelog.Entries.Select(entry => changed.GetValueOrDefault(entry, entry))]);
    }

    private EntryChange Make(ChangelogEdit edit) => edit switch
    {
        ChangelogEdit.SetStatus set => SetStatus(set.Status),
        ChangelogEdit.SetField set => SetField(set.Field),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private EntryChange SetStatus(ChangelogStatus status)
    {
        var stated = entry.Entry.Fields.Index().Where(field => FieldLabel.IsStatus(field.Item)).ToList();
        switch (stated)
        {
            case []:
                return entry.Entry.Section == status
                    ? new EntryChange([], entry.Entry)
                    : Add(Fitted(FieldValue.Status(status)), entry.Entry with { Status = status });
            case [var (index, field)]:
                return StatusText.Parse(field.Text) == status
                    ? new EntryChange([], entry.Entry)
                    : Replace(index, status, ValueOf(index));
            default:
                return Refuse("states several statuses: keep one");
        }
    }

    private EntryChange SetField(FieldValue value)
    {
        FieldValue fitted = Fitted(value);
        List<int> found = [.. entry.Entry.Fields.Index()
            .Where(field => field.Item.Label.Equals(value.Label, StringComparison.OrdinalIgnoreCase))
            .Select(field => field.Index)];
        ChangelogField meant = Meant(fitted);
        return found switch
        {
            [] => Add(fitted, entry.Entry),
            [var only] when Says(entry.Entry.Fields[only], meant, fitted.Items is null) => new EntryChange([], entry.Entry),
            [var only] when Others(entry.Entry.Fields[only], meant) is [var other, ..] =>
                Refuse($"names the migration '{other}' already: add '{meant.Text}' to its {value.Label} by hand"),
            [var only] => Replace(only, fitted.Text + LineTail.Of(ValueOf(only)), fitted.Items, entry.Entry),
            _ => Refuse($"has several fields '{value.Label}': keep one"),
        };
    }

    /// <summary>A field as it will be read.</summary>
    public static ChangelogField Meant(FieldValue value, BlockReader reader)
    {
        InlineText text = reader.Inline(value.Text);
        return new(value.Label, text.Text, [.. (value.Items ?? []).Select(item => reader.Inline(item).Text)], default) { Link = text.Link };
    }

    public static bool Says(ChangelogField field, ChangelogField meant, bool anyItems) =>
        field.Text == meant.Text && field.Link == meant.Link
        && (anyItems || field.Items.SequenceEqual(meant.Items, StringComparer.Ordinal));

    /// <summary>Migrations that a field names and would not name any more.</summary>
    private static List<string> Others(ChangelogField field, ChangelogField meant) =>
        [.. MigrationFileText.Names([field]).Except(MigrationFileText.Names([meant with { Label = field.Label }]), StringComparer.Ordinal)];

    private ChangelogField Meant(FieldValue value) => Meant(value, document.Reader);

    private FieldStyle Style => document.Style.Fields([entry]);

    private FieldValue Fitted(FieldValue value) => Style.Fit(value);

    private string ValueOf(int index) => index < _places.Count && _places[index].IsPlain
        ? document.Text[_places[index].ValueStart.._places[index].TextEnd]
        : "";

    /// <summary>A remark was said of the status that stood there: it stays where it may be said of the new one.</summary>
    private EntryChange Replace(int index, ChangelogStatus status, string value)
    {
        if (StatusWord.Like(value, status) is not { } text)
        {
            return Refuse($"states '{value}', which names no status: change it by hand");
        }

        string read = document.Reader.Inline(text).Text;
        return StatusText.Parse(read) != status || StatusText.IsQualified(read)
            ? Refuse($"has the remark '{StatusWord.Remark(value)}' behind its status: change it by hand")
            : Replace(index, text, null, entry.Entry with { Status = status });
    }

    private EntryChange Replace(int index, string text, IReadOnlyList<string>? items, ChangelogEntry changed)
    {
        ChangelogField field = changed.Fields[index];
        if (index >= _places.Count || !_places[index].IsPlain || field.HasBlock || (items is not null && !_places[index].HasPlainItems))
        {
            return Refuse($"has a {field.Label} that is not written as a plain bullet: change it by hand");
        }

        FieldPlace place = _places[index];
        if (document.Text.AsSpan(place.ValueStart..place.TextEnd).ContainsAny('\n', '\r'))
        {
            return Refuse($"has a {field.Label} of several lines: change it by hand");
        }

        List<TextChange> changes = [];
        if (document.Text[place.ValueStart..place.TextEnd] != text)
        {
            string space = text.Length > 0 && place.ValueStart > 0 && !char.IsWhiteSpace(document.Text[place.ValueStart - 1]) ? " " : "";
            changes.Add(new(place.ValueStart, place.TextEnd - place.ValueStart, space + text));
        }

        if (items is not null)
        {
            changes.Add(Items(place, items));
        }

        FieldValue value = new(field.Label, text, items ?? []);
        ChangelogField meant = Meant(value) with { Items = items is null ? field.Items : Meant(value).Items };
        return new(changes, changed with { Fields = [.. changed.Fields.Select((other, at) => at == index ? meant : other)] });
    }

    /// <summary>Nested bullets in the place of those that are there.</summary>
    private TextChange Items(FieldPlace place, IReadOnlyList<string> items)
    {
        FieldStyle style = FieldStyle.Of(place, document.Text) ?? Style;
        string lineEnd = document.Style.LineEnd(place.End);
        string text = string.Join(lineEnd, items.Select(item => style.ItemBullet + item));
        ListBlock? nested = place.Nested;
        int start = nested is null || items.Count == 0 ? document.Source.LineEnd(place.TextEnd) : document.Places.Start(nested);
        string before = nested is null && items.Count > 0 ? lineEnd : "";
        return new(start, Math.Max(place.End - start, 0), before + text);
    }

    private EntryChange Add(FieldValue value, ChangelogEntry changed)
    {
        int index = FieldOrder.IndexFor(value.Label, [.. _places.Select(place => place.Field.Label)]);
        List<ChangelogField> fields = [.. changed.Fields];
        fields.Insert(index, Meant(value));
        return new([AddedAt(index, value)], changed with { Fields = fields });
    }

    private TextChange AddedAt(int index, FieldValue value)
    {
        string lineEnd = document.Style.LineEnd(entry.End);
        string text = Style.Write(value, lineEnd);
        if (index > 0)
        {
            return new(_places[index - 1].End, 0, GapBehind(index - 1, lineEnd) + text);
        }

        if (_places.Count > 0)
        {
            return new(_places[0].Start, 0, text + GapBehind(0, lineEnd));
        }

        // Below whatever the entry says without a label: a bullet directly behind a paragraph may be read as its continuation.
        IReadOnlyList<Block> own = [entry.Draft.Chapter.Heading, .. entry.Draft.Chapter.Body];
        int end = document.Places.ContentEnd(own);
        bool isHeading = end == document.Places.End(own[0]);
        return new(end, 0, (isHeading ? lineEnd : DocumentStyle.Twice(lineEnd)) + text);
    }

    /// <summary>Blank lines between bullets stay between bullets.</summary>
    private string GapBehind(int index, string lineEnd)
    {
        if (index + 1 >= _places.Count)
        {
            return lineEnd;
        }

        string gap = document.Text[_places[index].End.._places[index + 1].Start];
        return gap.Length > 0 && string.IsNullOrWhiteSpace(gap) && gap.TrimEnd(' ', '\t').Length == gap.Length ? gap : lineEnd;
    }

    private EntryChange Refuse(string what) =>
        new([], entry.Entry) { Refusal = $"'{entry.Entry.Name}' (line {entry.Entry.Span.Line}) {what}." };
}
