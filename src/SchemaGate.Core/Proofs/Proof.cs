namespace SchemaGate.Core.Proofs;

/// <summary>What pending migrations do to the statements of running code.</summary>
/// <param name="Shapes">In the order in which they were read.</param>
/// <param name="Migrations">What was pending, in order.</param>
public sealed record Proof(IReadOnlyList<ProvedShape> Shapes, IReadOnlyList<string> Migrations)
{
    public IEnumerable<ProvedShape> Broken =>
        Shapes.Where(shape => shape.Outcome is ProofOutcome.Broken or ProofOutcome.Shifted);

    public IEnumerable<ProvedShape> Changed => Shapes.Where(shape => shape.Outcome is ProofOutcome.Changed);

    public IEnumerable<ProvedShape> Unproven => Shapes.Where(shape => shape.Outcome is ProofOutcome.Unproven);

    public int Surviving => Shapes.Count(shape => shape.Outcome is ProofOutcome.Survives);
}

/// <summary>One shape and what becomes of it.</summary>
/// <param name="Tables">The relations that it names, as written; empty for a shape that survives.</param>
public sealed record ProvedShape(StatementShape Shape, IReadOnlyList<string> Tables, ProofOutcome Outcome);
