using System.Text.Json;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Notifying;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Api;

/// <summary>
/// Reads a resource's spec into the domain's. Admission and the reconcile loop use the same code. What is wrong is collected, and a
/// default stands in its place, so that the rest can still be reported.
/// </summary>
internal sealed class SpecReader
{
    private static readonly TimeSpan DefaultTagRecheck = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan DefaultDatabaseRecheck = TimeSpan.FromSeconds(30);
    private static readonly GatePolicy DefaultPolicy = new();

    private readonly List<string> problems = [];

    private SpecReader()
    {
    }

    /// <returns>The spec, and one sentence for each thing that is wrong with it.</returns>
    public static (GateSpec Spec, IReadOnlyList<string> Problems) Read(SchemaGateSpec spec)
    {
        SpecReader reader = new();
        MigrationTool? tool = spec.Database?.Tool is { } name ? reader.Choice("spec.database.tool", name, MigrationTool.Prisma) : null;
        GateSpec read = new(
            reader.Changelog(spec.Changelog ?? new()) with { Tool = tool },
            reader.Database(spec.Database ?? new()) with { Tool = tool },
            spec.Require?.Through,
            reader.Policy(spec.Policy ?? new()),
            reader.Choice("spec.enforcement", spec.Enforcement, Enforcement.Hold),
            spec.Suspend ?? false)
        {
            Migrate = reader.Migrate(spec.Migrate ?? new(), spec),
            Rehearsal = reader.Rehearsal(spec.Rehearsal ?? new(), spec.Policy?.Breaks),
            Notify = spec.Notify is { } notify ? reader.Notify(notify) : null,
        };
        return (read, reader.problems);
    }

    /// <inheritdoc cref="Read(SchemaGateSpec)"/>
    /// <param name="spec">The resource's.</param>
    /// <param name="imageProblem">Says what is wrong with an image's reference; null where nothing is.</param>
    /// <param name="keyProblem">Says what is wrong with a text that is to hold public keys.</param>
    public static (GateSpec Spec, IReadOnlyList<string> Problems) Read(
        SchemaGateSpec spec, Func<string, string?> imageProblem, Func<string, string?> keyProblem)
    {
        (GateSpec read, IReadOnlyList<string> problems) = Read(spec);
        string? image = read.Changelog.Image.Length == 0 ? null : imageProblem(read.Changelog.Image);
        // Each by itself, so that one without a key is told, and all together: as many count as one text may have.
        IReadOnlyList<string> keys = read.Changelog.Verify?.Keys ?? [];
        string? key = (keys.Count > 1 ? keys.Append(string.Join('\n', keys)) : keys)
            .Select(keyProblem).FirstOrDefault(problem => problem is not null);
        return (read, [
            .. problems,
            .. image is null ? [] : (string[])[$"spec.changelog.image: {image}"],
            .. key is null ? [] : (string[])[$"spec.changelog.verify.keys: {key}."],
        ]);
    }

    private ChangelogSource Changelog(ChangelogSpec spec)
    {
        string image = Needed("spec.changelog.image", spec.Image);
        string? document = spec.Document is null ? null : Path("spec.changelog.document", spec.Document);
        return new(
            image,
            document,
            Path("spec.changelog.migrations", spec.Migrations ?? ChangelogSource.DefaultMigrations),
            Duration("spec.changelog.recheck", spec.Recheck, DefaultTagRecheck),
            spec.PlainHttp ?? false,
            spec.RecordsThisDatabase ?? false,
            spec.PullSecretRef is { } secret ? Needed("spec.changelog.pullSecretRef.name", secret.Name) : null)
        {
            Verify = spec.Verify is { } verify ? Verification(verify) : null,
        };
    }

    private ImageVerification Verification(VerifySpec spec)
    {
        if (spec is { Keys: null or { Count: 0 }, KeysFrom: null })
        {
            problems.Add("spec.changelog.verify needs keys or keysFrom: without a key no signature could count.");
        }

        return spec.KeysFrom is { } secret
            ? new(
                spec.Keys ?? [],
                Needed("spec.changelog.verify.keysFrom.name", secret.Name),
                Needed("spec.changelog.verify.keysFrom.key", secret.Key))
            : new(spec.Keys ?? []);
    }

    private DatabaseSource Database(DatabaseSpec spec) => new(
        Needed("spec.database.urlFrom.name", spec.UrlFrom?.Name),
        Needed("spec.database.urlFrom.key", spec.UrlFrom?.Key),
        spec.Schema,
        Duration("spec.database.recheck", spec.Recheck, DefaultDatabaseRecheck))
    {
        DriftRecheck = Duration("spec.database.driftRecheck", spec.DriftRecheck, DatabaseSource.DefaultDriftRecheck),
    };

    private GatePolicy Policy(PolicySpec spec) => new(
        Choice("spec.policy.undocumented", spec.Undocumented, DefaultPolicy.Undocumented),
        Choice("spec.policy.riskMismatch", spec.RiskMismatch, DefaultPolicy.RiskMismatch),
        Choice("spec.policy.edited", spec.Edited, DefaultPolicy.Edited),
        Choice("spec.policy.outOfOrder", spec.OutOfOrder, DefaultPolicy.OutOfOrder),
        Choice("spec.policy.databaseAhead", spec.DatabaseAhead, DefaultPolicy.DatabaseAhead),
        Choice("spec.policy.unpinned", spec.Unpinned, DefaultPolicy.Unpinned),
        spec.IgnoreUnknown,
        Choice("spec.policy.approval", spec.Approval, DefaultPolicy.Approval),
        Choice("spec.policy.drift", spec.Drift, DefaultPolicy.Drift),
        spec.IgnoreDrift)
    {
        Breaks = Choice("spec.policy.breaks", spec.Breaks, DefaultPolicy.Breaks),
        Contract = Choice("spec.policy.contract", spec.Contract, DefaultPolicy.Contract),
    };

    /// <summary>A policy that nothing could meet would close the gate for good, and one that nothing reads would open it.</summary>
    private RehearsalSettings Rehearsal(RehearsalSpec spec, string? breaks)
    {
        RehearsalMode mode = Choice("spec.rehearsal.mode", spec.Mode, RehearsalMode.Never);
        if (mode == RehearsalMode.Never && breaks == nameof(Core.PolicyMode.Block))
        {
            problems.Add("spec.policy.breaks: Block needs spec.rehearsal.mode: BeforeRun, which finds out what breaks.");
        }

        return new(mode, Selected("spec.rehearsal.scratchUrlFrom", spec.ScratchUrlFrom))
        {
            Like = Choice("spec.rehearsal.like", spec.Like, RehearsalLikeness.History),
        };
    }

    private RunSettings Migrate(MigrateSpec migrate, SchemaGateSpec spec)
    {
        MigrateMode mode = Choice("spec.migrate.mode", migrate.Mode, RunSettings.External.Mode);
        (string secretName, string secretKey) = migrate.UrlFrom is { } url
            ? (Needed("spec.migrate.urlFrom.name", url.Name), Needed("spec.migrate.urlFrom.key", url.Key))
            : (spec.Database?.UrlFrom?.Name ?? "", spec.Database?.UrlFrom?.Key ?? "");
        RunSettings settings = new(
            mode,
            secretName,
            secretKey,
            Duration("spec.migrate.lockTimeout", migrate.LockTimeout, RunSettings.External.LockTimeout),
            migrate.StatementTimeout is { } limit ? Duration("spec.migrate.statementTimeout", limit, TimeSpan.FromHours(1)) : null,
            Duration("spec.migrate.deadline", migrate.Deadline, RunSettings.External.Deadline),
            migrate.Retries ?? RunSettings.External.Retries,
            migrate.Template is not null,
            migrate.Runner(),
            migrate.ImagePullSecrets?.Select(secret => Needed("spec.migrate.imagePullSecrets", secret.Name)).ToList());
        settings = settings with { Fingerprint = migrate.Fingerprint(settings) };
        if (settings.Retries is < 0 or > RunSettings.MostRetries)
        {
            problems.Add($"spec.migrate.retries must be from 0 to {RunSettings.MostRetries}.");
        }

        Runner(migrate, spec);
        return settings;
    }

    private NotifySettings Notify(NotifySpec spec)
    {
        int before = problems.Count;
        if (spec.Url is null == spec.UrlFrom is null)
        {
            problems.Add("spec.notify needs url or urlFrom, and not both.");
        }

        if (spec.Url is { } url && NotifySettings.UrlProblem(url) is { } problem)
        {
            problems.Add($"spec.notify.url {problem}.");
        }

        NotifySettings settings = new(
            spec.Url, Selected("spec.notify.urlFrom", spec.UrlFrom),
            Selected("spec.notify.signingKeysFrom", spec.SigningKeysFrom ?? new())!)
        {
            AuthoritiesFrom = Selected("spec.notify.authoritiesFrom", spec.AuthoritiesFrom),
            Environment = spec.Environment,
        };
        return settings with { Problems = problems[before..] };
    }

    private SecretKeyName? Selected(string field, SecretKeySelector? secret) => secret is null ? null
        : new(Needed($"{field}.name", secret.Name), Needed($"{field}.key", secret.Key));

    /// <summary>What the Job is made of.</summary>
    private void Runner(MigrateSpec migrate, SchemaGateSpec spec)
    {
        if (migrate.Template is not null && spec.Require?.Through is not null)
        {
            problems.Add("spec.require.through and spec.migrate.template exclude each other: "
                + "a tool of one's own applies every migration that it finds.");
        }

        Nested("spec.migrate.resources", migrate.Resources);
        Nested("spec.migrate.template", migrate.Template);
        foreach (JsonElement toleration in migrate.Tolerations ?? [])
        {
            Nested("spec.migrate.tolerations", toleration);
        }

        if (migrate.Template is { } template && JobTemplate.Problem(template) is { } problem)
        {
            problems.Add($"spec.migrate.template {problem}");
        }
    }

    /// <summary>What the resource's schema does not know the shape of: what nests without end could be stored and not be read.</summary>
    private void Nested(string field, JsonElement? value)
    {
        if (value is { } given && ModelJson.DepthOf(given) > JobTemplate.MostLevels)
        {
            problems.Add($"{field} must nest at most {JobTemplate.MostLevels} levels.");
        }
    }

    private string Needed(string field, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            problems.Add($"{field} is missing.");
        }

        return value ?? "";
    }

    /// <summary>A path inside an image: relative, with <c>/</c>, and going nowhere else.</summary>
    private string Path(string field, string value)
    {
        string path = value.Trim('/');
        if (path.Length == 0 || path.Split('/').Any(part => part is "" or "." or ".."))
        {
            problems.Add($"{field} must be a path inside the image, such as docs/CHANGELOG.md, without '.' or '..'.");
        }

        return path;
    }

    private TimeSpan Duration(string field, string? value, TimeSpan fallback)
    {
        TimeSpan? duration = value is null ? fallback : GateDuration.Parse(value);
        if (duration is null)
        {
            problems.Add($"{field} must be a duration between 1s and 24h, such as 30s or 5m.");
        }

        return duration ?? fallback;
    }

    private T Choice<T>(string field, string? value, T fallback)
        where T : struct, Enum
    {
        // Enum.Parse alone would take numbers, too.
        string? name = Array.Find(Enum.GetNames<T>(), name => name == (value ?? fallback.ToString()));
        if (name is null)
        {
            problems.Add($"{field} must be one of {string.Join(", ", Enum.GetNames<T>())}.");
        }

        return name is null ? fallback : Enum.Parse<T>(name);
    }
}
