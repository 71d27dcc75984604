using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Risk;

namespace SchemaGate.Core.Gates;

/// <summary>What one image, or one directory, says: the document and the migrations beside it.</summary>
/// <param name="Source">The image's reference as it was asked for, or the directory's path.</param>
/// <param name="Digest">The manifest's digest; null for a directory.</param>
/// <param name="DocumentPath">Where the document was found.</param>
public sealed record ChangelogEvidence(
    string Source,
    string? Digest,
    string DocumentPath,
    Changelog Document,
    MigrationSet Migrations)
{
    /// <summary>The document as it is written; empty where there is none.</summary>
    public string DocumentText { get; init; } = "";

    /// <summary>What the migrations' SQL does, in their order; null where nobody asked.</summary>
    public Evidence<IReadOnlyList<MigrationRisk>>? Risks { get; init; }
}
