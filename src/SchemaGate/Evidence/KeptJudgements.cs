using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Risk;
using SchemaGate.Oci;

namespace SchemaGate.Evidence;

/// <summary>What the migrations of images do, judged once for each major version of a server. Thread-safe.</summary>
internal sealed class KeptJudgements(TimeProvider time)
{
    private const int Kept = 256;

    private const long KeptBytes = 16 << 20;

    private readonly BoundedCache<((string, Digest, ChangelogFiles), int? Major), Evidence<IReadOnlyList<MigrationRisk>>> risks = new(
        Kept, KeptBytes);

    /// <summary>The same evidence with what the migrations do on a server of that version.</summary>
    /// <param name="evidence">The files.</param>
    /// <param name="image">What tells them from others.</param>
    /// <param name="major">The server's major version; null where it is not known.</param>
    /// <param name="budget">The memory of all readings.</param>
    /// <param name="cancellation">Ends the waiting for others' sets.</param>
    public async Task<Evidence<ChangelogEvidence>> JudgedAsync(
        Evidence<ChangelogEvidence> evidence, (string, Digest, ChangelogFiles) image, int? major, ReadingBudget budget,
        CancellationToken cancellation)
    {
        if (evidence is not Evidence<ChangelogEvidence>.Found { Value: var value })
        {
            return evidence;
        }

        if (risks.TryGet((image, major), out Evidence<IReadOnlyList<MigrationRisk>>? known))
        {
            return new Evidence<ChangelogEvidence>.Found(value with { Risks = known });
        }

        try
        {
            Evidence<ChangelogEvidence> judged = await RiskEvidence.JudgedAsync(evidence, major, time, cancellation, budget);
            if (judged is Evidence<ChangelogEvidence>.Found { Value.Risks: { } found })
            {
                risks.Set((image, major), found, HeldBytes.Of(found));
            }

            return judged;
        }
        catch (BudgetException exception)
        {
            return new Evidence<ChangelogEvidence>.Found(value with { Risks = RiskEvidence.NotJudged(exception) });
        }
    }
}
