using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>How a document writes its fields.</summary>
/// <param name="Bullet">Indentation, marker and space: <c>- </c>; empty for labelled lines of a paragraph.</param>
/// <param name="Emphasis">Around a label: <c>**</c>.</param>
/// <param name="After">Between label and value, marks included: <c>:** </c>.</param>
/// <param name="End">White space behind the line that breaks it.</param>
internal sealed record FieldStyle(string Bullet, string Emphasis, string After, string End)
{
    /// <summary>The seed's.</summary>
    public static FieldStyle Seed { get; } = new("- ", "**", ":** ", "");

    /// <summary>Before each nested bullet.</summary>
    public string ItemBullet { get; init; } = "  - ";

    public static FieldStyle? Of(FieldPlace place, string text)
    {
        if (place is not { IsPlain: true, Label: { } label })
        {
            return null;
        }

        string before = text[place.Start..place.TextStart];
        string tail = text[place.TextEnd..place.End];
        // What continues a line of a paragraph is its End; a bullet's is nobody's business.
        FieldStyle style = new(before, label.Emphasis, label.After.TrimEnd() + " ", place.Item is null && tail == "  " ? tail : "");
        return place.Item is null ? style : style with { ItemBullet = Nested(place, text) ?? new string(' ', before.Length) + "- " };
    }

    /// <summary>A value that this style can hold: lines of a paragraph have no bullets of their own.</summary>
    public FieldValue Fit(FieldValue value)
    {
        List<string>? items = value.Items?.Select(PlainText.Line).Where(item => item.Length > 0).ToList();
        FieldValue plain = value with { Text = PlainText.Line(value.Text), Items = items };
        return Bullet.Trim().Length > 0 || items is not { Count: > 0 }
            ? plain
            : plain with { Text = string.Join("; ", items.Prepend(plain.Text).Where(text => text.Length > 0)), Items = [] };
    }

    /// <summary>A field as lines of a document, without the last line end.</summary>
    public string Write(FieldValue value, string lineEnd)
    {
        string line = $"{Bullet}{Emphasis}{value.Label}{After}{value.Text}";
        IEnumerable<string> items = (value.Items ?? []).Select(item => $"{lineEnd}{ItemBullet}{item}");
        return (value.Text.Length == 0 ? line.TrimEnd() : line + End) + string.Concat(items);
    }

    private static string? Nested(FieldPlace place, string text)
    {
        if (place.Nested is not [ListItemBlock { Count: > 0 } item, ..])
        {
            return null;
        }

        int line = Math.Max(text.LastIndexOfAny(['\n', '\r'], item.Span.Start), 0);
        string bullet = text[(line == 0 ? 0 : line + 1)..item[0].Span.Start];
        return bullet.All(symbol => char.IsWhiteSpace(symbol) || symbol is '-' or '*' or '+') ? bullet : null;
    }
}
