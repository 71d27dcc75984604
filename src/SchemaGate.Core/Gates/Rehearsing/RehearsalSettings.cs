using SchemaGate.Core.Gates.Notifying;

namespace SchemaGate.Core.Gates.Rehearsing;

/// <summary>Whether a gate's pending migrations are rehearsed.</summary>
public enum RehearsalMode
{
    /// <summary>(Not Off: a YAML parser makes that a boolean.)</summary>
    Never,

    /// <summary>In a scratch database, once for what is pending, before anybody is asked to approve it and before anything runs.</summary>
    BeforeRun,
}

/// <summary>What a scratch database has before anything pending runs in it (<c>spec.rehearsal.like</c>).</summary>
public enum RehearsalLikeness
{
    /// <summary>What the applied migrations build.</summary>
    History,

    /// <summary>The gate's database's catalog: also what was changed by hand, or was there before the first migration.</summary>
    Live,
}

/// <summary>What a running revision's statements do to a migration that breaks them (<c>spec.policy.contract</c>).</summary>
public enum ContractMode
{
    /// <summary>It waits until no pod of older code is left.</summary>
    Wait,

    Warn,

    Ignore,
}

/// <summary>How a gate's migrations are rehearsed.</summary>
/// <param name="ScratchUrlFrom">
/// The Secret with the URL of a server on which scratch databases are made; null makes them beside the live one, by the run's role.
/// </param>
public sealed record RehearsalSettings(RehearsalMode Mode, SecretKeyName? ScratchUrlFrom = null)
{
    public RehearsalLikeness Like { get; init; }

    public static RehearsalSettings Off { get; } = new(RehearsalMode.Never);
}
