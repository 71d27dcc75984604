using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs;

/// <summary>
/// Code that shows how an entry is written. Only a placeholder tells it from an entry that somebody put into a fence: its heading, or its
/// first line where it has none, names no migration that could be.
/// </summary>
internal static partial class TemplateText
{
    private static readonly FrozenSet<string> s_languages = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "", "markdown", "md", "mdx", "text", "txt", "plain", "plaintext");

    /// <summary>Words that stand for the migration's own.</summary>
    private static readonly FrozenSet<string> s_placeholders = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "name", "title", "migration", "change", "changes", "schema", "entry", "description", "template",
        "example", "timestamp", "date", "time", "id", "slug", "short", "brief", "your", "my", "new", "some", "of", "the", "a", "here",
        "what", "x", "xxx", "foo", "bar", "baz");

    public static bool IsTemplate(CodeBlock code)
    {
        List<string> lines = [.. MarkdownBlocks.Lines(code).Where(line => line.Length > 0)];
        string language = code is FencedCodeBlock { Info: { } info } ? info : "";
        if (!s_languages.Contains(language) || lines.Count == 0)
        {
            return false;
        }

        List<string> headings = [.. lines.Where(line => line.StartsWith('#')).Select(line => line.Trim('#', ' ', '`', '*'))
            .Where(title => StatusText.FirstWord(title) is null)];
        return headings.Count > 0
            ? headings.TrueForAll(IsPlaceholder)
            : FieldLabel.BeginsWithStatus(lines[0]) && lines.Exists(line => Marks().IsMatch(line));
    }

    private static bool IsPlaceholder(string title) =>
        Marks().IsMatch(title)
        || (!MigrationFileText.IsMigrationName(title) && Words.In(title).All(word => s_placeholders.Contains(title[word])));

    [GeneratedRegex(
        @"<[^>]+>|\{[^}]+\}|\[[^\]]+\]|…|\.\.\.|Y{4}|X{4}|N{4}|HHMM", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Marks();
}
