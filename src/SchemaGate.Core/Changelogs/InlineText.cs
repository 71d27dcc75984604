using System.Buffers;

namespace SchemaGate.Core.Changelogs;

/// <summary>The plain text of inline Markdown: emphasis, code spans, links, images, entities and HTML tags are reduced to what a reader sees.</summary>
/// <param name="Text">The text, line breaks as spaces, trimmed.</param>
/// <param name="StrongLength">The length of the bold text that it begins with (symbols such as emoji may come before); else 0.</param>
/// <param name="Link">The destination of the first inline link, or null.</param>
internal sealed record InlineText(string Text, int StrongLength, string? Link)
{
    private static readonly SearchValues<char> s_markup = SearchValues.Create("\\`*[]<&\n");

    /// <summary>Reads inline Markdown in linear time.</summary>
    /// <param name="source">The text of one heading or paragraph.</param>
    /// <param name="isReference">Whether a label has a link definition in the document; without one, brackets are text.</param>
    public static InlineText Of(string source, Func<string, bool> isReference) =>
        source.AsSpan().IndexOfAny(s_markup) < 0 && !source.StartsWith('_') && !source.EndsWith('_')
            ? new(source.Trim(), 0, null)
            : new InlineReader(source, isReference).Read();
}
