using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Schema;

namespace SchemaGate.Core.Risk;

/// <summary>
/// Says what migrations will do to running code, to data and to locks, from their text alone: pure, and bounded by the length of the text.
/// </summary>
public static class RiskJudge
{
    /// <summary>The verdicts of a set's migrations, in its order; each is judged on the schema that the earlier ones leave.</summary>
    public static IReadOnlyList<MigrationRisk> Judge(IReadOnlyList<ParsedMigration> set, RiskOptions options)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(options);
        List<MigrationRisk> risks = new(set.Count);
        (KnownSchema schema, int transaction) = (KnownSchema.Empty, 0);
        for (int index = 0; index < set.Count; index++)
        {
            (MigrationRisk risk, schema, Progress progress) = MigrationJudgement.Of(set[index], index, schema, transaction, options);
            transaction = progress.Transaction;
            risks.Add(risk);
        }

        return risks;
    }
}
