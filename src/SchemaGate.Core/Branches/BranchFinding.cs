using SchemaGate.Core.Changelogs;

namespace SchemaGate.Core.Branches;

/// <summary>Something that a branch adds and should not.</summary>
/// <param name="Id">A stable id: one of <see cref="BranchFindingIds"/> or of <see cref="FindingIds"/>.</param>
/// <param name="Message">What is wrong, and what to do.</param>
/// <param name="File">As one may open it; it need not be there any more.</param>
/// <param name="Span">Where in the file; null for all of it.</param>
/// <param name="Migration">The migration that it is about, where there is one.</param>
public sealed record BranchFinding(
    string Id, FindingSeverity Severity, string Message, string File, SourceSpan? Span, string? Migration);
