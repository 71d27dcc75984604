namespace SchemaGate.Core.Risk;

/// <summary>What a finding is about.</summary>
[Flags]
public enum RiskCategories
{
    None = 0,

    /// <summary>Compatibility: data is gone.</summary>
    DataLoss = 1,

    /// <summary>Compatibility: code that is running now, or its data, no longer fits.</summary>
    BreaksApplication = 2,

    /// <summary>Compatibility: there is no way back without a backup.</summary>
    Irreversible = 4,

    /// <summary>Locks: others wait.</summary>
    BlockingLock = 8,

    /// <summary>Locks: every row is written anew.</summary>
    Rewrite = 16,

    /// <summary>Locks: it cannot run in the migration's transaction, or must not share it.</summary>
    NonTransactional = 32,

    /// <summary>How a schema is written; nobody is hurt.</summary>
    Convention = 64,

    /// <summary>Nobody can tell from the text.</summary>
    Unjudged = 128,
}

/// <summary>How much a finding weighs. <see cref="Medium"/> and <see cref="High"/> are risks, the others are notes.</summary>
public enum RiskSeverity
{
    Information,
    Low,
    Medium,
    High,
}
