using SchemaGate.Core.Proofs;
using SchemaGate.Postgres.Proving;

namespace SchemaGate.Cli.GoBack;

/// <summary>How far statements tell what later migrations do to older code.</summary>
/// <param name="Gap">Why they tell nothing, in a sentence; null where they do.</param>
/// <param name="Undecided">Why values decide, in a sentence; null where nobody sees that they do.</param>
/// <param name="Roles">Whose statements name a relation of the older schema.</param>
internal sealed record GoBackReach(string? Gap, string? Undecided, IReadOnlyList<string> Roles)
{
    /// <param name="proof">Of the later migrations, and statements that run before them.</param>
    /// <param name="change">What they did to the schema.</param>
    public static GoBackReach Of(Proof proof, SchemaChange change)
    {
        StatementShape[] own = [.. proof.Shapes.Select(shape => shape.Shape).Where(shape => SchemaChange.Names(shape, change.Relations))];
        return new(GapOf(proof, own, change), UndecidedOf(proof, change), [.. own
            .Select(shape => shape.Role).OfType<string>().Distinct(StringComparer.Ordinal)]);
    }

    private static string? GapOf(Proof proof, StatementShape[] own, SchemaChange change)
    {
        int altered = proof.Changed.Count(shape => shape.Outcome is ProofOutcome.Changed { AddsOnly: false });
        return altered switch
        {
            > 0 => altered == 1
                ? "1 statement runs and returns or takes something of another type, name or place: the code decides what it makes of it."
                : $"{altered} statements run and return or take something of another type, name or place: the code decides what it "
                    + "makes of it.",
            _ when proof.Unproven.FirstOrDefault(shape => SchemaChange.Names(shape.Shape, change.Touched)) is { } unproven =>
                $"Of `{unproven.Shape.Line}` nothing is known: {((ProofOutcome.Unproven)unproven.Outcome).Why.TrimEnd('.')}.",
            _ when own.Length == 0 => "No statement that runs on the older schema names a table of it.",
            _ when !own.Any(shape => SchemaChange.Names(shape, change.Touched)) =>
                "No statement names a table that the later migrations change.",
            _ => null,
        };
    }

    private static string? UndecidedOf(Proof proof, SchemaChange change)
    {
        int unproven = proof.Unproven.Count(shape => shape.Outcome is ProofOutcome.Unproven { IsAfter: true });
        return (change.Demands, unproven) switch
        {
            ({ Count: > 0 } demands, _) =>
                $"The values that its code writes decide: the later migrations demand {GoBackHold.Names(demands)}.",
            (_, 1) => "Of 1 statement that runs on its schema nothing is known after the later migrations.",
            (_, > 1) => $"Of {unproven} statements that run on its schema nothing is known after the later migrations.",
            _ => null,
        };
    }
}
