using System.Diagnostics;
using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Risk;
using SchemaGate.Oci;
using SchemaGate.Telemetry;

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
    /// <param name="left">For whom, and how long they wait.</param>
    /// <param name="cancellation">Ends the waiting for others' sets.</param>
    public async Task<Evidence<ChangelogEvidence>> JudgedAsync(
        Evidence<ChangelogEvidence> evidence, (string, Digest, ChangelogFiles) image, int? major, ReadingBudget budget, LookTime left,
        CancellationToken cancellation)
    {
        if (evidence is not Evidence<ChangelogEvidence>.Found { Value: var value })
        {
            return evidence;
        }

        Evidence<IReadOnlyList<MigrationRisk>>? judged = risks.TryGet((image, major), out Evidence<IReadOnlyList<MigrationRisk>>? known)
            ? known
            : await JudgedAsync();
        return new Evidence<ChangelogEvidence>.Found(value with { Risks = judged ?? RiskEvidence.StillJudging });

        async Task<Evidence<IReadOnlyList<MigrationRisk>>?> JudgedAsync()
        {
            using Activity? activity = Activities.JudgeMigrations();
            return await left.ReadAsync(
                (image, major), token => JudgeAsync(evidence, image, major, budget, left.Tenant, token), cancellation);
        }
    }

    /// <summary>What is in memory of it; null where nothing is.</summary>
    public Evidence<IReadOnlyList<MigrationRisk>>? Recall((string, Digest, ChangelogFiles) image, int? major) =>
        risks.TryGet((image, major), out Evidence<IReadOnlyList<MigrationRisk>>? known) ? known : null;

    /// <summary>What comes of it is kept, whether or not anybody waits for it still.</summary>
    private async Task<Evidence<IReadOnlyList<MigrationRisk>>> JudgeAsync(
        Evidence<ChangelogEvidence> evidence, (string, Digest, ChangelogFiles) image, int? major, ReadingBudget budget, string tenant,
        CancellationToken cancellation)
    {
        try
        {
            var judged = (Evidence<ChangelogEvidence>.Found)await RiskEvidence.JudgedAsync(
                evidence, major, time, cancellation, budget, tenant);
            risks.Set((image, major), judged.Value.Risks!, HeldBytes.Of(judged.Value.Risks!));
            return judged.Value.Risks!;
        }
        catch (BudgetException exception)
        {
            return RiskEvidence.NotJudged(exception);
        }
    }
}
