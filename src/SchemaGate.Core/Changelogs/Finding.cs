namespace SchemaGate.Core.Changelogs;

/// <summary>How much a finding weighs. Only <see cref="Blocking"/> closes a gate.</summary>
public enum FindingSeverity
{
    Information,
    Warning,
    Blocking,
}

/// <summary>Something that a document, or a document beside a migration set, says wrongly or not at all.</summary>
/// <param name="Id">A stable id, such as <c>pending-change</c> (see <see cref="FindingIds"/>).</param>
/// <param name="Severity">What it does to a gate.</param>
/// <param name="Message">One sentence that names the migration and says what to do.</param>
/// <param name="Span">Where in the document; null when it is about a migration that the document does not name.</param>
/// <param name="Migration">The migration that it is about, where there is one.</param>
public sealed record Finding(string Id, FindingSeverity Severity, string Message, SourceSpan? Span, string? Migration);
