using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates.Notifying;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Gates.Running;

namespace SchemaGate.Core.Gates;

/// <summary>How a requirement that is not met is enforced, from the mildest to the strictest.</summary>
public enum Enforcement
{
    /// <summary>Nothing is held; what would have been is reported.</summary>
    Observe,

    /// <summary>
    /// As <see cref="Hold"/>; but of a workload whose pod template has the label <see cref="Names.HoldPods"/> new revisions roll out, and
    /// their pods wait.
    /// </summary>
    Pods,

    /// <summary>New revisions are accepted and kept from starting.</summary>
    Hold,

    /// <summary>A workload whose requirement is not released is refused.</summary>
    Deny,
}

/// <summary>Where the document and the migrations come from.</summary>
/// <param name="Image">The reference as the user wrote it.</param>
/// <param name="Document">The document's path in the image, or null for the default places.</param>
/// <param name="Migrations">The migrations directory's path in the image.</param>
/// <param name="Recheck">How often a tag is resolved again.</param>
/// <param name="PlainHttp">Whether the registry is asked over plain HTTP.</param>
/// <param name="RecordsThisDatabase">Whether DEPLOYED in the document means deployed in this gate's database.</param>
/// <param name="PullSecretName">The Secret with the registry's credentials; null asks without any.</param>
public sealed record ChangelogSource(
    string Image,
    string? Document,
    string Migrations,
    TimeSpan Recheck,
    bool PlainHttp,
    bool RecordsThisDatabase,
    string? PullSecretName = null)
{
    public const string DefaultMigrations = "prisma/migrations";

    /// <summary>Whose layout the migrations have; null for what they tell.</summary>
    public MigrationTool? Tool { get; init; }

    /// <summary>Whose signature every image needs; null where none does.</summary>
    public ImageVerification? Verify { get; init; }

    /// <summary>Where the document is looked for when no path is given, in this order.</summary>
    public static IReadOnlyList<string> DefaultDocuments { get; } =
        ["docs/DATABASE_SCHEMA_CHANGELOG.md", "DATABASE_SCHEMA_CHANGELOG.md"];
}

/// <summary>Which database is judged: a Secret's key that holds its URL.</summary>
/// <param name="Schema">Overrides the URL's <c>?schema=</c>.</param>
/// <param name="Recheck">How often the history is read again.</param>
public sealed record DatabaseSource(string SecretName, string SecretKey, string? Schema, TimeSpan Recheck)
{
    public static readonly TimeSpan DefaultDriftRecheck = TimeSpan.FromHours(1);

    /// <summary>Whose history and whose migrations are meant; null for what the database and the migrations tell.</summary>
    public MigrationTool? Tool { get; init; }

    /// <summary>How often the schema is compared with what the applied migrations build.</summary>
    public TimeSpan DriftRecheck { get; init; } = DefaultDriftRecheck;
}

/// <summary>What each kind of irregularity does. The defaults are the resource's.</summary>
/// <param name="IgnoreUnknown">Globs (<c>*</c>, <c>?</c>) of history rows that belong to others.</param>
/// <param name="IgnoreDrift">Globs of objects that are not the migrations' business.</param>
public sealed record GatePolicy(
    PolicyMode Undocumented = PolicyMode.Block,
    PolicyMode RiskMismatch = PolicyMode.Warn,
    PolicyMode Edited = PolicyMode.Warn,
    PolicyMode OutOfOrder = PolicyMode.Warn,
    PolicyMode DatabaseAhead = PolicyMode.Warn,
    PolicyMode Unpinned = PolicyMode.Block,
    IReadOnlyList<string>? IgnoreUnknown = null,
    ApprovalMode Approval = ApprovalMode.Risky,
    PolicyMode Drift = PolicyMode.Warn,
    IReadOnlyList<string>? IgnoreDrift = null)
{
    /// <summary>A statement of running code that a pending migration breaks.</summary>
    public PolicyMode Breaks { get; init; } = PolicyMode.Warn;

    /// <summary>Such a migration, while older code runs.</summary>
    public ContractMode Contract { get; init; } = ContractMode.Wait;
}

/// <summary>A gate as its owner asks for it, read and checked.</summary>
/// <param name="Through">The last migration that is required, or null for every migration of the image.</param>
public sealed record GateSpec(
    ChangelogSource Changelog,
    DatabaseSource Database,
    string? Through,
    GatePolicy Policy,
    Enforcement Enforcement,
    bool Suspend)
{
    public RunSettings Migrate { get; init; } = RunSettings.External;

    public RehearsalSettings Rehearsal { get; init; } = RehearsalSettings.Off;

    /// <summary>By which URL a rehearsal reads the live database, and makes one beside it where it has no scratch server.</summary>
    public SecretKeyName RehearsedFrom => Rehearsal.ScratchUrlFrom is null
        ? new(Migrate.SecretName, Migrate.SecretKey) : new(Database.SecretName, Database.SecretKey);

    /// <summary>Whether a rehearsal proves the statements of running code, too.</summary>
    public bool AsksForStatements => Policy.Breaks != PolicyMode.Ignore || Policy.Contract != ContractMode.Ignore;

    /// <summary>Who is told that the gate has opened; null where nobody is.</summary>
    public NotifySettings? Notify { get; init; }

    /// <summary>
    /// Which part of an image is required: <c>DIRECTORY</c>, <c>DIRECTORY through MIGRATION</c>. A release under another says nothing of
    /// this one. Null for all of the usual directory.
    /// </summary>
    public string? Scope => (Changelog.Migrations, Through) switch
    {
        (ChangelogSource.DefaultMigrations, null) => null,
        (var directory, null) => directory,
        (var directory, var through) => $"{directory} through {through}",
    };

    /// <summary>Every Secret that the gate reads, each with the field that names it.</summary>
    public IEnumerable<(string Field, string Name)> Secrets
    {
        get
        {
            yield return ("spec.database.urlFrom.name", Database.SecretName);
            if (Changelog.PullSecretName is { } name)
            {
                yield return ("spec.changelog.pullSecretRef.name", name);
            }

            if (Changelog.Verify?.SecretName is { } keys)
            {
                yield return ("spec.changelog.verify.keysFrom.name", keys);
            }

            if (Migrate.Mode == MigrateMode.Job || Rehearsal.Mode != RehearsalMode.Never)
            {
                yield return ("spec.migrate.urlFrom.name", Migrate.SecretName);
            }

            if (Rehearsal.ScratchUrlFrom is { Name: var scratch })
            {
                yield return ("spec.rehearsal.scratchUrlFrom.name", scratch);
            }

            foreach (string secret in Migrate.PullSecrets ?? [])
            {
                yield return ("spec.migrate.imagePullSecrets", secret);
            }

            foreach ((string Field, string Name) secret in Notify?.Secrets ?? [])
            {
                yield return secret;
            }
        }
    }
}
