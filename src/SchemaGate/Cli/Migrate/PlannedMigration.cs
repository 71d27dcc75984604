using SchemaGate.Core;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Risk;
using SchemaGate.Evidence;

namespace SchemaGate.Cli.Migrate;

/// <summary>One migration that a run would apply, and what it would do.</summary>
/// <param name="Risk">Low, Medium or High, for running code and data; Unknown where its SQL could not be judged.</param>
/// <param name="Locks">What waits for it, one sentence for each lock.</param>
internal sealed record PlannedMigration(string Name, string Risk, string Message, IReadOnlyList<string> Locks)
{
    /// <summary>Each beside what the earlier ones leave; null where nothing was planned.</summary>
    public static IReadOnlyList<PlannedMigration>? Of(IReadOnlyList<string>? names, Evidence<MigrationSet> evidence, TimeProvider time)
    {
        if (names is null || evidence is not Evidence<MigrationSet>.Found { Value: var set })
        {
            return null;
        }

        IReadOnlyList<MigrationRisk> risks = names.Count > 0
            && RiskEvidence.Judge(set, RiskEvidence.Options(major: null), time) is Evidence<IReadOnlyList<MigrationRisk>>.Found found
                ? found.Value
                : [];
        return [.. names.Select(name => Of(name, risks.FirstOrDefault(risk => risk.Migration == name)))];
    }

    private static PlannedMigration Of(string name, MigrationRisk? risk) => risk is null
        ? new(name, "Unknown", "Its SQL could not be judged.", [])
        : new(name, Word(risk), risk.Sentence, [.. risk.Locks.Select(hazard => hazard.Sentence)]);

    private static string Word(MigrationRisk risk) =>
        risk.Level == Compatibility.Unknown ? nameof(Compatibility.Unknown) : risk.LeastLevel.ToString();
}
