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
        RiskSequence sequence = new(options);
        return [.. set.Select(migration => sequence.Next(migration)())];
    }
}
