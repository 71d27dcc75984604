using SchemaGate.Core.Proofs;

namespace SchemaGate.Postgres.Proving;

/// <summary>What lies between two states of one schema.</summary>
/// <param name="Demands">What it demands of values only now, of relations that were there: preparing a statement does not tell.</param>
/// <param name="Touched">Relations that were there and are other ones now, or are gone: <c>schema.name</c>.</param>
/// <param name="Relations">All that were there.</param>
public sealed record SchemaChange(
    IReadOnlyList<string> Demands, IReadOnlyList<string> Touched, IReadOnlyList<string> Relations)
{
    /// <summary>Whether a statement names one of these; false where its names cannot be told.</summary>
    public static bool Names(StatementShape shape, IReadOnlyList<string> relations)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return ShapeTables.Of(shape.Text).Any(table => relations.Any(relation => relation == table
            || (!table.Contains('.', StringComparison.Ordinal) && relation.EndsWith($".{table}", StringComparison.Ordinal))));
    }
}
