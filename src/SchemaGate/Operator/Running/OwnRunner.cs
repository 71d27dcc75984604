using System.Globalization;
using System.Text.Json.Nodes;
using SchemaGate.Api;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Evidence;

namespace SchemaGate.Operator.Running;

/// <summary>
/// The pod that runs <c>schemagate migrate</c> or <c>schemagate rehearse</c>: it satisfies the restricted Pod Security Standard and has
/// no token.
/// </summary>
internal static class OwnRunner
{
    /// <summary>Where <c>schemagate rehearse</c> finds the scratch server's URL.</summary>
    public const string ScratchVariable = "SCRATCH_URL";

    private const string TerminationMessage = "/dev/termination-log";
    private const string LoginDirectory = "/etc/schemagate/registry";
    private const string AuthoritiesDirectory = "/etc/schemagate/authorities";

    /// <summary>Carries the certificates into the pod: a ConfigMap of the gate's namespace would be one object more to keep.</summary>
    private const string Authorities = "schemagate.dev/registry-authorities";

    /// <summary>Whoever holds the migration lock is either another run, which ends, or one that was just ended.</summary>
    private static readonly TimeSpan WaitForOthers = TimeSpan.FromMinutes(2);

    /// <summary>The PodTemplateSpec.</summary>
    public static JsonObject Template(
        SchemaGateResource gate,
        GateSpec settings,
        string digest,
        DatabaseIdentity? database,
        RunnerOptions runner) => Template(gate, settings, runner, Arguments(settings, digest, database));

    /// <inheritdoc cref="Template(SchemaGateResource, GateSpec, string, DatabaseIdentity?, RunnerOptions)"/>
    public static JsonObject Rehearsal(
        SchemaGateResource gate,
        GateSpec settings,
        string digest,
        DatabaseIdentity? database,
        RunnerOptions runner) => Template(gate, settings, runner, RehearsalArguments(settings, digest, database));

    private static JsonObject Template(SchemaGateResource gate, GateSpec settings, RunnerOptions runner, List<string> arguments) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["annotations"] = runner.RegistryAuthorities is { } authorities
            ? new JsonObject { [Authorities] = authorities }
            : new JsonObject(),
        },
        ["spec"] = PodSpec(gate, settings, runner, arguments),
    };

    private static JsonObject PodSpec(SchemaGateResource gate, GateSpec settings, RunnerOptions runner, List<string> arguments)
    {
        List<JsonObject> volumes = [];
        List<JsonObject> mounts = [];
        if (settings.Changelog.PullSecretName is { } secret)
        {
            arguments.Add($"--registry-config={LoginDirectory}/config.json");
            Mount("registry", LoginDirectory, new JsonObject
            {
                ["secret"] = new JsonObject
                {
                    ["secretName"] = secret,
                    ["items"] = new JsonArray(new JsonObject { ["key"] = ImageProblems.LoginsKey, ["path"] = "config.json" }),
                },
            });
        }

        if (runner.RegistryAuthorities is not null)
        {
            arguments.Add($"--registry-ca-file={AuthoritiesDirectory}/ca.pem");
            Mount("authorities", AuthoritiesDirectory, new JsonObject
            {
                ["downwardAPI"] = new JsonObject
                {
                    ["items"] = new JsonArray(new JsonObject
                    {
                        ["path"] = "ca.pem",
                        ["fieldRef"] = new JsonObject { ["fieldPath"] = $"metadata.annotations['{Authorities}']" },
                    }),
                },
            });
        }

        return new JsonObject
        {
            ["automountServiceAccountToken"] = false,
            ["enableServiceLinks"] = false,
            ["securityContext"] = new JsonObject
            {
                ["runAsNonRoot"] = true,
                ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
            },
            ["containers"] = new JsonArray(Container(gate.Spec.Migrate, runner, arguments, mounts)),
            ["volumes"] = new JsonArray([.. volumes]),
        };

        void Mount(string name, string path, JsonObject volume)
        {
            volume["name"] = name;
            volumes.Add(volume);
            mounts.Add(new JsonObject { ["name"] = name, ["mountPath"] = path, ["readOnly"] = true });
        }
    }

    private static JsonObject Container(
        MigrateSpec? migrate,
        RunnerOptions runner,
        List<string> arguments,
        List<JsonObject> mounts) => new()
        {
            ["name"] = "migrate",
            ["image"] = runner.Image,
            ["env"] = Variables(runner),
            ["args"] = new JsonArray([.. arguments.Select(argument => JsonValue.Create(ContainerText.Literal(argument)))]),
            ["resources"] = migrate?.Resources is { } resources ? JsonNode.Parse(resources.GetRawText()) : new JsonObject
            {
                ["requests"] = new JsonObject { ["cpu"] = "50m", ["memory"] = "64Mi" },
                ["limits"] = new JsonObject { ["memory"] = "512Mi" },
            },
            ["securityContext"] = new JsonObject
            {
                ["allowPrivilegeEscalation"] = false,
                ["readOnlyRootFilesystem"] = true,
                ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
            },
            ["terminationMessagePath"] = TerminationMessage,
            ["volumeMounts"] = new JsonArray([.. mounts]),
        };

    private static JsonArray Variables(RunnerOptions runner)
    {
        JsonArray variables = [];
        Add("OTEL_EXPORTER_OTLP_ENDPOINT", runner.Collector?.ToString());
        Add("OTEL_EXPORTER_OTLP_PROTOCOL", runner.Collector is null ? null : runner.CollectorProtocol);
        return variables;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                variables.Add((JsonNode)new JsonObject { ["name"] = name, ["value"] = ContainerText.Literal(value) });
            }
        }
    }

    private static List<string> Arguments(GateSpec settings, string digest, DatabaseIdentity? database)
    {
        RunSettings migrate = settings.Migrate;
        List<string> arguments =
        [
            "migrate",
            $"--image={ImageEvidence.Pinned(settings.Changelog.Image, digest)}",
            $"--migrations={settings.Changelog.Migrations}",
            $"--lock-timeout={Seconds(WaitForOthers)}",
            $"--table-lock-timeout={Seconds(migrate.LockTimeout)}",
            $"--deadline={Seconds(migrate.Deadline)}",
            $"--report-file={TerminationMessage}",
        ];
        // The runner's URL may be another than the one that was judged, and say nothing of the schema, or name another database.
        string? schema = database?.Schema ?? settings.Database.Schema;
        AddIf(schema is not null, $"--schema={schema}");
        AddIf(database is not null, $"--expect-database={database}");
        AddIf(settings.Through is not null, $"--through={settings.Through}");
        AddIf(migrate.StatementTimeout is not null, $"--statement-timeout={Seconds(migrate.StatementTimeout ?? default)}");
        AddIf(settings.Changelog.PlainHttp, "--plain-http");
        arguments.AddRange((settings.Policy.IgnoreUnknown ?? []).Select(pattern => $"--ignore-unknown={pattern}"));
        return arguments;

        void AddIf(bool wanted, string argument)
        {
            if (wanted)
            {
                arguments.Add(argument);
            }
        }
    }

    /// <summary>Without the rest of what a run is told: the gate's database is only read.</summary>
    private static List<string> RehearsalArguments(GateSpec settings, string digest, DatabaseIdentity? database)
    {
        List<string> arguments =
        [
            "rehearse",
            $"--image={ImageEvidence.Pinned(settings.Changelog.Image, digest)}",
            $"--migrations={settings.Changelog.Migrations}",
            $"--report-file={TerminationMessage}",
        ];
        string? schema = database?.Schema ?? settings.Database.Schema;
        (bool Wanted, string Argument)[] others =
        [
            (settings.AsksForStatements, "--statements=live"),
            (settings.Rehearsal.Like == RehearsalLikeness.Live, "--like=live"),
            (schema is not null, $"--schema={schema}"),
            (settings.Through is not null, $"--through={settings.Through}"),
            (settings.Rehearsal.ScratchUrlFrom is not null, $"--scratch={ScratchVariable}"),
            (settings.Changelog.PlainHttp, "--plain-http"),
        ];
        return [.. arguments, .. others.Where(other => other.Wanted).Select(other => other.Argument)];
    }

    private static string Seconds(TimeSpan time) => $"{((long)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture)}s";
}
