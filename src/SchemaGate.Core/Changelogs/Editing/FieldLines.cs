using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>Bullets, labels and status words as the seed writes them.</summary>
internal static class FieldLines
{
    public static IEnumerable<TextChange> Changes(EditableDocument document) =>
        document.Entries.SelectMany(entry => Changes(entry, document));

    /// <summary>An entry whose bullets are numbered, or hold more than text and plain lists, stays as it is.</summary>
    private static IEnumerable<TextChange> Changes(EntryPlace entry, EditableDocument document)
    {
        IReadOnlyList<FieldPlace> places = FieldPlace.Of(entry, document);
        return places.All(place => place.Item is not null && IsSimple(place, document))
            ? places.SelectMany(place => Changes(place, document)).Where(change => !Stands(change, document))
            : [];
    }

    private static IEnumerable<TextChange> Changes(FieldPlace place, EditableDocument document)
    {
        yield return new(place.Start, place.TextStart - place.Start, FieldStyle.Seed.Bullet);
        if (place is { IsPlain: true, Label.IsFirst: true } && FieldLabel.Usual(place.Field.Label) is { } label)
        {
            string text = document.Text[place.ValueStart..place.TextEnd];
            string after = text.Length == 0 ? FieldStyle.Seed.After.TrimEnd() : FieldStyle.Seed.After;
            yield return new(
                place.TextStart, place.ValueStart - place.TextStart, FieldStyle.Seed.Emphasis + label + after);
            yield return new(place.ValueStart, text.Length, FieldLabel.IsStatus(place.Field) ? Status(text) : text);
        }

        foreach (ListItemBlock item in place.Nested ?? Enumerable.Empty<Block>())
        {
            int start = document.Places.Start(item);
            yield return new(start, item[0].Span.Start - start, FieldStyle.Seed.ItemBullet);
        }
    }

    /// <summary>A word alone, in whatever marks.</summary>
    private static string Status(string text)
    {
        string word = text.Trim('`', '*', '_', ' ');
        return word.All(char.IsAsciiLetter) && StatusText.Parse(word) is { } status ? FieldValue.Status(status).Text : text;
    }

    /// <summary>Bullets of one line each: what continues on the next line would have to be indented anew.</summary>
    private static bool IsSimple(FieldPlace place, EditableDocument document) =>
        place.HasPlainItems && IsBullet(place.Item!, document)
        && (place.Nested ?? Enumerable.Empty<Block>()).All(item => item is ListItemBlock and [ParagraphBlock] nested
            && IsBullet(nested, document));

    private static bool IsBullet(ListItemBlock item, EditableDocument document)
    {
        ParagraphBlock text = (ParagraphBlock)item[0];
        string before = document.Text[document.Places.Start(item)..text.Span.Start];
        return text.Lines.Count == 1 && before.Trim() is ("-" or "*" or "+");
    }

    private static bool Stands(TextChange change, EditableDocument document) =>
        document.Text.AsSpan(change.Start, change.Length).SequenceEqual(change.Text);
}
