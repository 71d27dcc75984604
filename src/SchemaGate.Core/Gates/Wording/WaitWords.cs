namespace SchemaGate.Core.Gates.Wording;

/// <summary>For whom a gate that is not open waits, by its reason.</summary>
public static class WaitWords
{
    /// <param name="reason">The gate's.</param>
    /// <param name="runs">Whether the gate applies its migrations itself.</param>
    /// <returns>A phrase; null where it waits for nobody, or the reason is another version's.</returns>
    public static string? For(string reason, bool runs) => reason switch
    {
        Reasons.MigrationsPending when runs => "the gate's own run",
        Reasons.Migrating => "the run that is under way",
        Reasons.MigrationRetrying => "the run's next attempt",
        Reasons.Rehearsing => "the rehearsal that is under way",
        Reasons.ContractWaits => "the pods that run older code",
        Reasons.RegistryUnreachable or Reasons.StillReading => "the registry",
        Reasons.DatabaseUnreachable => "the database, or whoever looks after it",
        Reasons.RiskNotJudged or Reasons.DriftNotJudged or Reasons.AwaitingDecision => "the operator",
        Reasons.GateNotFound => "whoever may create the gate",
        _ => Openers.Rows.TryGetValue(reason, out Opener opener) ? For(opener) : null,
    };

    private static string? For(Opener opener) => opener switch
    {
        Opener.Author => "whoever publishes the image",
        Opener.Owner => "whoever may edit the gate",
        Opener.Runner => "whoever applies the migrations",
        Opener.Approver => "somebody with the verb approve on the gate",
        Opener.Database => "whoever looks after the database",
        Opener.Platform => "whoever looks after the cluster",
        _ => null,
    };
}
