using System.Collections.Frozen;

namespace SchemaGate.Core.Changelogs;

/// <summary>
/// Splits a bullet into its label and its text: <c>**Status:** X</c>, <c>**Status**: X</c>, <c>Status: X</c>, <c>**Status** - X</c>.
/// </summary>
internal static class FieldLabel
{
    private const int MaxLabel = 40;
    private const int MaxLabelWords = 4;
    private static readonly string[] s_rollbacks = ["Rollback", "Roll back", "Roll-back", "Rolling back"];
    private static readonly char[] s_colons = [':', '：'];
    private static readonly char[] s_separators = [' ', ':', '：', '-', '–', '—', '=', '|', '→'];

    private static readonly FrozenSet<string> s_known = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Status",
        "Date Added",
        "Date Migrated",
        "Date Deployed",
        "Description",
        "Changes",
        "Migration",
        "Migration File",
        "Risk",
        "Risk Level",
        "Rollback",
        "Production Notes");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_knownSpans =
        s_known.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether this is one of the document's own labels.</summary>
    public static bool IsKnown(string label) => s_known.Contains(label);

    /// <summary>One of the document's own labels as the document itself writes it, whatever its case here; null for another.</summary>
    public static string? Usual(string label) => s_known.TryGetValue(label, out string? known) ? known : null;

    /// <summary>Whether this is about the way back, however it is called: Rollback Plan, Rolling back, Roll back (SQL).</summary>
    public static bool IsRollback(string label) =>
        Array.Exists(s_rollbacks, word => label.StartsWith(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a field states the entry's status: "Status", or "Migration Status" where a status follows.</summary>
    public static bool IsStatus(ChangelogField field) =>
        field.Label.Equals("Status", StringComparison.OrdinalIgnoreCase)
        || ((field.Label.EndsWith(" Status", StringComparison.OrdinalIgnoreCase)
            || field.Label.StartsWith("Status ", StringComparison.OrdinalIgnoreCase))
            && StatusText.FirstWord(field.Text) is not null);

    /// <summary>Whether a line, as written, begins like a Status bullet.</summary>
    public static bool BeginsWithStatus(string line) => TrimStart(line).StartsWith("Status", StringComparison.OrdinalIgnoreCase);

    /// <summary>The label, empty where there is none, and the text behind it.</summary>
    public static (string Label, string Text) Split(InlineText inline)
    {
        string text = inline.Text;
        int strong = inline.StrongLength <= MaxLabel ? inline.StrongLength : 0;
        int colon = text.AsSpan(0, Math.Min(text.Length, MaxLabel)).IndexOfAny(s_colons);
        if (strong > 0 && (colon < 0 || colon > strong + 1))
        {
            string bold = Clean(text.AsSpan(0, strong));
            string rest = text[strong..].TrimStart();
            return IsKnown(bold) || IsRollback(bold) || rest is ['-' or '–' or '—', ..] ? (bold, rest.TrimStart(s_separators)) : ("", text);
        }

        string label = colon < 0 ? "" : Clean(text.AsSpan(0, colon));
        bool isLabel = IsKnown(label) || (LooksLikeLabel(label) && (strong > 0 || EndsWord(text, colon)));
        return isLabel ? (label, text.AsSpan(colon + 1).Trim().ToString()) : BareStatus(text);
    }

    /// <summary><c>Status PENDING</c> without any colon is meant as a status, too.</summary>
    private static (string Label, string Text) BareStatus(string text)
    {
        const string Status = "Status";
        ReadOnlySpan<char> label = TrimStart(text);
        if (!label.StartsWith(Status, StringComparison.OrdinalIgnoreCase))
        {
            return ("", text);
        }

        ReadOnlySpan<char> rest = label[Status.Length..];
        string value = rest.TrimStart(s_separators).ToString();
        return value.Length < rest.Length && StatusText.FirstWord(value) is not null
            ? (label[..Status.Length].ToString(), value)
            : ("", text);
    }

    private static bool EndsWord(string text, int colon) => colon + 1 == text.Length || char.IsWhiteSpace(text[colon + 1]);

    private static string Clean(ReadOnlySpan<char> label)
    {
        int end = label.Length;
        while (end > 0 && !char.IsLetterOrDigit(label[end - 1]) && label[end - 1] != ')')
        {
            end--;
        }

        // The usual labels, written as usual, are not copied.
        ReadOnlySpan<char> clean = TrimStart(label[..end]);
        return s_knownSpans.TryGetValue(clean, out string? known) && clean.SequenceEqual(known) ? known : clean.ToString();
    }

    /// <summary>Without a task list's box and without emoji or other symbols before the first word.</summary>
    private static ReadOnlySpan<char> TrimStart(ReadOnlySpan<char> text)
    {
        int start = 0;
        while (start < text.Length && (!char.IsLetterOrDigit(text[start]) || IsTaskBox(text, start)))
        {
            start++;
        }

        return text[start..];
    }

    private static bool IsTaskBox(ReadOnlySpan<char> text, int index) =>
        text[index] is 'x' or 'X' && index > 0 && text[index - 1] == '[' && index + 1 < text.Length && text[index + 1] == ']';

    private static bool LooksLikeLabel(string label) =>
        label.Length > 0 && char.IsLetter(label[0]) && label.AsSpan().Count(' ') < MaxLabelWords && label.All(MayStandInLabel);

    private static bool MayStandInLabel(char symbol) =>
        char.IsLetterOrDigit(symbol) || symbol is ' ' or '(' or ')' or '/' or '&' or '-' or '\'';
}
