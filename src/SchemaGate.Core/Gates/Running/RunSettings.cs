namespace SchemaGate.Core.Gates.Running;

/// <summary>Who applies a gate's migrations.</summary>
public enum MigrateMode
{
    /// <summary>Somebody else: the gate waits for it. (Not Off: a YAML parser makes that a boolean.)</summary>
    External,

    /// <summary>The gate, as a Job.</summary>
    Job,
}

/// <summary>Which runs wait for a person.</summary>
public enum ApprovalMode
{
    Never,

    /// <summary>Those of which a migration is more than Low, by its SQL or by its entry, or cannot be judged.</summary>
    Risky,

    Always,
}

/// <summary>How a gate's migrations are applied.</summary>
/// <param name="SecretName">The Secret with the runner's URL: a role that owns the schema, past any transaction pooler.</param>
/// <param name="LockTimeout">How long one statement waits for a table's lock.</param>
/// <param name="StatementTimeout">How long one statement may take; null for no limit of its own.</param>
/// <param name="Deadline">How long a run may take; a CONCURRENTLY build is not cut off by it.</param>
/// <param name="Retries">How often a run is tried again after a failure that may pass.</param>
/// <param name="HasTemplate">Whether the user's own pod runs the migrations.</param>
/// <param name="Runner">What the run's pod is made of, as canonical text: another text is another plan.</param>
/// <param name="PullSecrets">Secrets with which the kubelet pulls the runner's image.</param>
/// <param name="Fingerprint">All of spec.migrate, as a hash.</param>
public sealed record RunSettings(
    MigrateMode Mode,
    string SecretName,
    string SecretKey,
    TimeSpan LockTimeout,
    TimeSpan? StatementTimeout,
    TimeSpan Deadline,
    int Retries,
    bool HasTemplate = false,
    string Runner = "",
    IReadOnlyList<string>? PullSecrets = null,
    string Fingerprint = "")
{
    public const int MostRetries = 10;

    public static RunSettings External { get; }
        = new(MigrateMode.External, "", "", TimeSpan.FromSeconds(5), null, TimeSpan.FromMinutes(30), 3);
}
