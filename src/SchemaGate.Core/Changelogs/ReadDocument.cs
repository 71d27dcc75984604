using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs;

/// <summary>A document as it was read: what it means, and where that stands.</summary>
/// <param name="Parts">Null where the document was refused.</param>
internal sealed record ReadDocument(SourceText Source, Changelog Changelog, ReadParts? Parts);

/// <summary>The blocks of a document that was read.</summary>
internal sealed record ReadParts(
    MarkdownDocument Blocks, DocumentOutline Outline, BlockReader Reader, IReadOnlyList<ReadEntry> Entries);

/// <summary>An entry beside the blocks that it was read from.</summary>
internal sealed record ReadEntry(EntryDraft Draft, ChangelogEntry Entry);
