namespace SchemaGate.Core.Proofs;

/// <summary>A proof in words.</summary>
public static class ProofSentences
{
    /// <summary>What happens to a shape, in one sentence without the shape's text.</summary>
    public static string Of(ProofOutcome outcome) => outcome switch
    {
        ProofOutcome.Broken broken => $"It fails after the migration: {broken.Message.TrimEnd('.')} ({broken.SqlState}).",
        ProofOutcome.Shifted shifted => $"It names no columns, and its values go elsewhere after the migration: {shifted.Message}.",
        ProofOutcome.Changed changed => $"It runs, and is another statement: {string.Join("; ", changed.Differences)}. "
            + "A session that keeps its plan may fail once (0A000, cached plan must not change result type).",
        ProofOutcome.Unproven unproven => $"Nothing is known of it: {unproven.Why.TrimEnd('.')}.",
        _ => "It means the same before and after.",
    };

    /// <summary>The place of what a shape meets, or null.</summary>
    public static ProofPlace? PlaceOf(ProofOutcome outcome) => (outcome as ProofOutcome.Met)?.Place;

    /// <summary>The same outcome with another place.</summary>
    public static ProofOutcome At(ProofOutcome outcome, ProofPlace place) =>
        outcome is ProofOutcome.Met met ? met with { Place = place } : outcome;

    /// <summary>The numbers, in one sentence.</summary>
    public static string Summary(Proof proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        string statements = proof.Shapes.Count == 1 ? "1 statement" : $"{proof.Shapes.Count} statements";
        return $"{statements}: {proof.Broken.Count()} broken, {proof.Changed.Count()} changed, {proof.Surviving} survive, "
            + $"{proof.Unproven.Count()} unproven.";
    }
}
