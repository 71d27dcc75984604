using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs;

/// <summary>
/// Code that shows how an entry is written. Only a placeholder in the place of the migration's name tells it from an entry that somebody
/// put into a fence: a mark elsewhere (a link, "[BREAKING]", dots at a title's end) says nothing, and SQL is a change under any heading.
/// </summary>
internal static partial class TemplateText
{
    /// <summary>What a mark is replaced by: no text has it, Markdown makes U+FFFD of it.</summary>
    private const string Blank = "\0";

    private const string Time = @"(?i:Y{4}|X{4}|N{4})(?:[-_:.T ]?(?i:YY|MM|DD|HH|SS|XX|NN)|[XN])*";

    private const string Statement =
        @"(?:(?:ALTER|CREATE|DROP|ADD|RENAME|COMMENT\s+ON)\s+(?:\w+\s+){0,3}(?:TABLE|COLUMN|INDEX|TYPE|VIEW|SCHEMA|SEQUENCE|"
        + @"FUNCTION|PROCEDURE|TRIGGER|DOMAIN|EXTENSION|POLICY|ROLE|DATABASE|CONSTRAINT|VALUE)\s+[\w""']"
        + @"|TRUNCATE\s+[\w""]|(?:INSERT|MERGE)\s+INTO\s+[\w""]|DELETE\s+FROM\s+[\w""]|UPDATE\s+[\w"".]+\s+SET\s"
        + @"|(?:GRANT|REVOKE)\s+\w.*\sON\s)";

    private static readonly FrozenSet<string> s_languages = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "", "markdown", "md", "mdx", "text", "txt", "plain", "plaintext");

    /// <summary>Words that stand for the migration's own name.</summary>
    private static readonly FrozenSet<string> s_names = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "name", "title", "description", "template", "example", "timestamp", "slug", "your", "my", "here",
        "what", "xxx", "foo", "bar", "baz");

    /// <summary>Words that may stand beside those, and in a mark.</summary>
    private static readonly FrozenSet<string> s_beside = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "migration", "change", "changes", "schema", "entry", "date", "time", "id", "short", "brief",
        "descriptive", "of", "the", "a");

    public static bool IsTemplate(CodeBlock code)
    {
        List<string> lines = [.. MarkdownBlocks.Lines(code).Where(line => line.Length > 0)];
        string language = code is FencedCodeBlock { Info: { } info } ? info : "";
        if (!s_languages.Contains(language) || lines.Count == 0 || lines.Exists(line => Sql().IsMatch(line)))
        {
            return false;
        }

        List<string> headings = Headings(lines);
        List<string> values = lines.ConvertAll(Value);
        return headings.Count > 0
            ? headings.TrueForAll(IsPlaceholder)
            : FieldLabel.BeginsWithStatus(lines[0]) && values.TrueForAll(value => IsStatuses(value) || IsPlaceholder(value))
                && values.Exists(IsPlaceholder);
    }

    /// <summary>The titles, without those of sections: a status as the first word, and a deeper heading below.</summary>
    private static List<string> Headings(List<string> lines)
    {
        List<string> headings = lines.FindAll(line => line.StartsWith('#'));
        int deepest = headings.Select(Level).DefaultIfEmpty().Max();
        return [.. headings.Where(line => Level(line) == deepest || StatusText.FirstWord(line) is null).Select(Bare)];
    }

    private static int Level(string heading) => heading.Length - heading.TrimStart('#').Length;

    /// <summary>What stands behind one of the document's labels, or all of a line without one.</summary>
    private static string Value(string line)
    {
        int colon = Math.Max(line.IndexOf(':', StringComparison.Ordinal), 0);
        return Bare(FieldLabel.IsKnown(Bare(line[..colon])) ? line[(colon + 1)..] : line);
    }

    private static string Bare(string text) => text.Trim('#', '-', '+', ' ', '\t', '`', '*');

    private static bool IsStatuses(string value) => Words.In(value).All(word => StatusText.Parse(value[word]) is not null)
        && !value.Any(char.IsDigit);

    private static bool IsPlaceholder(string title)
    {
        string name = Urls().Replace(Links().Replace(title, "${text}"), "");
        if (Numbered().IsMatch(name))
        {
            return false;
        }

        string rest = Marks().Replace(name, mark => IsMark(mark.ValueSpan) ? Blank : mark.Value);
        bool isTold = rest is "…" or "..." || rest.Contains(Blank, StringComparison.Ordinal) || IsBareName(rest);
        return Timed().IsMatch(name) || (isTold && !NumberBeforeMark().Replace(rest, "").Any(char.IsDigit) && IsOfPlaceholders(rest));
    }

    /// <summary>In brackets no word may be of a change's own: "[BREAKING]" is a remark, "[add_box]" a link.</summary>
    private static bool IsMark(ReadOnlySpan<char> mark)
    {
        string inner = mark.ToString();
        return mark[0] is not ('<' or '{' or '[') || TimeAlone().IsMatch(inner)
            || (mark[0] != '[' && Words.In(inner).Any(word => s_names.Contains(inner[word])))
            || (Words.In(inner).Any() && IsOfPlaceholders(inner));
    }

    /// <summary>Without a mark, only one as of a file: "migration_name". "Name change" is what somebody called a change.</summary>
    private static bool IsBareName(string text) => !text.Contains(' ', StringComparison.Ordinal) && Words.In(text).Any()
        && Words.In(text).All(word => s_names.Contains(text[word]) || text[word].Equals("migration", StringComparison.OrdinalIgnoreCase));

    private static bool IsOfPlaceholders(string text) =>
        Words.In(text).All(word => s_names.Contains(text[word]) || s_beside.Contains(text[word]));

    [GeneratedRegex(@"!?\[(?<text>[^\[\]]*)\](?:\([^)]*\)|\[[^\]]*\])", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Links();

    [GeneratedRegex(@"<?\w+://[^\s>]*>?", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Urls();

    [GeneratedRegex(@"<[^<>=]+>|\{[^{}]+\}|\[[^\[\]]+\]|\b" + Time, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Marks();

    [GeneratedRegex(@"^.(?:" + Time + "|(?i:timestamp|date|time|version|number|id|ts|n)).$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex TimeAlone();

    /// <summary>A name whose time is still open, whatever the rest is called.</summary>
    [GeneratedRegex("^(?:" + Time + @"|[<{\[](?:" + Time + @"|(?i:timestamp|date|time|version|number|id|ts|n))[>}\]])[_-]\w",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Timed();

    /// <summary>A migration's own name.</summary>
    [GeneratedRegex(@"\d_\w", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Numbered();

    [GeneratedRegex(@"^\d+[_-]\0", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NumberBeforeMark();

    /// <summary>In capitals anywhere; in other letters a line that begins so with no word between; whatever a semicolon ends.</summary>
    [GeneratedRegex(
        @"\b" + Statement + @"|^[^\p{L}]*(?i:ALTER|CREATE|DROP)\s+(?i:TABLE|COLUMN|INDEX|TYPE|VIEW|SCHEMA)\s+[\w""]|;`?$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Sql();
}
