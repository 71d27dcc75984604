using SchemaGate.Core.Proofs;

namespace SchemaGate.Postgres.Proving;

/// <summary>What was changed in a live database by hand, as far as it concerns statements.</summary>
/// <param name="Refused">Statements that its schema does not take, and why.</param>
/// <param name="Demands">What it demands of values, and the schema that the migrations make does not.</param>
public sealed record LiveLook(IReadOnlyList<(StatementShape Shape, ShapeError Error)> Refused, IReadOnlyList<string> Demands)
{
    /// <summary>Whether the values decide that a statement writes: its own may do.</summary>
    public static bool IsByValues(ShapeError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error.SqlState is ['2', '2', ..] or "23514" or "23P01";
    }
}
