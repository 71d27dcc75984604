using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Locks;

/// <summary>Whether SET NOT NULL finds a proof instead of reading the table (documentation, ALTER TABLE: SET NOT NULL).</summary>
internal static class NotNullProof
{
    public static bool Exists(KnownTable table, string column, int major) =>
        table.Column(column) is { NotNull: true }
        || (major >= 12 && table.Constraints.Any(constraint => constraint.IsValid
            && constraint.Definition is CheckConstraint check && check.Expression.NotNullColumns.Contains(column)))
        || table.Constraints.Any(
            constraint => constraint.IsValid && constraint.Definition is NotNullConstraint { Column: { } proven } && proven == column);
}
