using SchemaGate.Core.Risk.Schema;

namespace SchemaGate.Core.Risk.Judging;

/// <summary>What a rule about a whole migration sees.</summary>
/// <param name="Before">The schema before the first statement.</param>
/// <param name="After">The schema after the last one.</param>
/// <param name="Steps">What the other rules saw, in order.</param>
/// <param name="Progress">After the last statement.</param>
internal sealed record MigrationContext(
    ParsedMigration Migration, KnownSchema Before, KnownSchema After, IReadOnlyList<StatementContext> Steps, Progress Progress,
    RiskOptions Options);
