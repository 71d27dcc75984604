namespace SchemaGate.Core.Changelogs;

/// <summary>
/// The plain text of inline Markdown: emphasis, code spans, links, images, entities and HTML tags are reduced to what a reader sees.
/// </summary>
/// <param name="Text">The text, line breaks as spaces, trimmed.</param>
/// <param name="StrongLength">The length of the bold text that it begins with (symbols such as emoji may come before); else 0.</param>
/// <param name="Link">The destination of the first inline link, or null.</param>
internal readonly record struct InlineText(string Text, int StrongLength, string? Link);
