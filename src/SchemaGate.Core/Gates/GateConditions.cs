namespace SchemaGate.Core.Gates;

/// <summary>The types of the resource's conditions.</summary>
public static class GateConditions
{
    public const string Ready = nameof(Ready);
    public const string Reconciling = nameof(Reconciling);
    public const string Stalled = nameof(Stalled);
    public const string ChangelogResolved = nameof(ChangelogResolved);
    public const string ChangelogConsistent = nameof(ChangelogConsistent);
    public const string DatabaseReachable = nameof(DatabaseReachable);
    public const string HistoryConsistent = nameof(HistoryConsistent);
    public const string MigrationsApplied = nameof(MigrationsApplied);
    public const string RiskAccepted = nameof(RiskAccepted);
    public const string SchemaInSync = nameof(SchemaInSync);

    /// <summary>There only where <c>spec.rehearsal</c> is on.</summary>
    public const string Rehearsed = nameof(Rehearsed);

    /// <inheritdoc cref="Rehearsed"/>
    public const string RunningCodeSurvives = nameof(RunningCodeSurvives);

    /// <summary>There only while a person holds the gate open.</summary>
    public const string Overridden = nameof(Overridden);

    /// <summary>Only while it is so: the API server refuses what the operator writes.</summary>
    public const string WriteRefused = nameof(WriteRefused);

    /// <summary>There only where <c>spec.notify</c> is, and something was to be told.</summary>
    public const string Notified = nameof(Notified);

    /// <summary>One per witness, in the order in which they are written.</summary>
    public static IReadOnlyList<string> Witnesses { get; } =
        [ChangelogResolved, ChangelogConsistent, DatabaseReachable, HistoryConsistent, MigrationsApplied, RiskAccepted, SchemaInSync,
            Rehearsed, RunningCodeSurvives];
}
