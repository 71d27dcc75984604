using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Schema;

namespace SchemaGate.Core.Risk;

/// <summary>A set's migrations, judged as they arrive: each on the schema that the earlier ones leave.</summary>
public sealed class RiskSequence
{
    private readonly RiskOptions options;
    private KnownSchema schema;
    private int transaction;
    private int count;

    public RiskSequence(RiskOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        schema = KnownSchema.Empty with { IsComplete = options.SetIsWhole };
    }

    /// <summary>Adds the next migration. One thread at a time, in the set's order.</summary>
    /// <returns>Its verdict, which takes the longer part of the time: pure, and any thread may ask for it.</returns>
    public Func<MigrationRisk> Next(ParsedMigration migration)
    {
        ArgumentNullException.ThrowIfNull(migration);
        MigrationContext whole = MigrationJudgement.Fold(migration, count++, schema, transaction, options);
        (schema, transaction) = (whole.After, whole.Progress.Transaction);
        return () => MigrationJudgement.Verdict(whole);
    }
}
