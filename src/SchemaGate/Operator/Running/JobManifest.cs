using System.Globalization;
using System.Text.Json.Nodes;
using SchemaGate.Api;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Notifying;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Gates.Running;

namespace SchemaGate.Operator.Running;

/// <summary>The Job of one run, or of one rehearsal. It never carries the gated label: a run would wait for itself.</summary>
internal static class JobManifest
{
    /// <summary>The label that tells the one from the other.</summary>
    public const string Component = "app.kubernetes.io/component";

    private const string Migrating = "migrate";
    private const string Rehearsing = "rehearse";

    /// <summary>Asks the usual meshes to keep out: a sidecar would outlive the run, and the Job with it.</summary>
    private static readonly (string Key, string Value)[] WithoutMesh =
    [
        ("sidecar.istio.io/inject", "false"), ("linkerd.io/inject", "disabled"), ("kuma.io/sidecar-injection", "disabled"),
        ("consul.hashicorp.com/connect-inject", "false"),
    ];

    /// <summary>Asks the usual autoscalers to leave the node in peace: a migration that is cut off is at best begun again.</summary>
    private static readonly (string Key, string Value)[] WithoutEviction =
        [("cluster-autoscaler.kubernetes.io/safe-to-evict", "false"), ("karpenter.sh/do-not-disrupt", "true")];

    /// <param name="gate">The gate, which owns the Job.</param>
    /// <param name="settings">Its spec as read.</param>
    /// <param name="run">The run.</param>
    /// <param name="digest">The image's digest: the run applies what was judged.</param>
    /// <param name="database">The database that was judged; null where it is not there yet.</param>
    /// <param name="runner">What runs it.</param>
    public static JsonObject Of(
        SchemaGateResource gate,
        GateSpec settings,
        RunRecord run,
        string digest,
        DatabaseIdentity? database,
        RunnerOptions runner)
    {
        MigrateSpec migrate = gate.Spec.Migrate ?? new();
        JsonObject template = migrate.Template is { } own
            ? JsonNode.Parse(own.GetRawText())!.AsObject()
            : OwnRunner.Template(gate, settings, digest, database, runner);
        JsonObject spec = new()
        {
            // Trying again is SchemaGate's: it looks at the history first.
            ["backoffLimit"] = 0,
            ["template"] = template,
        };
        if (migrate.Template is not null)
        {
            // SchemaGate's own runner ends itself: it does not cut off a CONCURRENTLY build.
            spec["activeDeadlineSeconds"] = (long)settings.Migrate.Deadline.TotalSeconds;
        }

        Complete(template, gate, new(settings.Migrate.SecretName, settings.Migrate.SecretKey), Migrating);
        return Of(gate, run.Job, run.Plan, run.Attempt, Migrating, spec);
    }

    /// <summary>The Job that rehearses, in SchemaGate's own pod, whatever runs the migrations.</summary>
    /// <param name="gate">The gate, which owns the Job.</param>
    /// <param name="settings">Its spec as read.</param>
    /// <param name="rehearsal">The rehearsal.</param>
    /// <param name="digest">The image's digest: what was judged is rehearsed.</param>
    /// <param name="database">The database that was judged.</param>
    /// <param name="runner">What runs it.</param>
    public static JsonObject OfRehearsal(
        SchemaGateResource gate,
        GateSpec settings,
        RehearsalRecord rehearsal,
        string digest,
        DatabaseIdentity? database,
        RunnerOptions runner)
    {
        JsonObject template = OwnRunner.Rehearsal(gate, settings, digest, database, runner);
        if (settings.Rehearsal.ScratchUrlFrom is { } scratch)
        {
            AddUrl(template["spec"]!["containers"]![0]!.AsObject(), OwnRunner.ScratchVariable, scratch);
        }

        Complete(template, gate, settings.RehearsedFrom, Rehearsing);
        return Of(gate, rehearsal.Job, rehearsal.Plan, rehearsal.Attempt, Rehearsing, new()
        {
            ["backoffLimit"] = 0,
            ["activeDeadlineSeconds"] = (long)settings.Migrate.Deadline.TotalSeconds,
            ["template"] = template,
        });
    }

    private static JsonObject Of(SchemaGateResource gate, string name, string plan, int attempt, string component, JsonObject spec) =>
        new()
        {
            ["apiVersion"] = "batch/v1",
            ["kind"] = "Job",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = gate.Metadata.NamespaceProperty,
                ["labels"] = Labels(gate, component),
                ["annotations"] = new JsonObject
                {
                    ["schemagate.dev/gate"] = gate.Metadata.Name,
                    ["schemagate.dev/plan"] = plan,
                    ["schemagate.dev/attempt"] = attempt.ToString(CultureInfo.InvariantCulture),
                },
                ["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = SchemaGateResource.Resource.ApiVersion,
                    ["kind"] = SchemaGateResource.Resource.Kind,
                    ["name"] = gate.Metadata.Name,
                    ["uid"] = gate.Metadata.Uid,
                    ["controller"] = true,
                }),
            },
            ["spec"] = spec,
        };

    /// <summary>
    /// The same Job, whose containers continue a trace (OpenTelemetry, "Environment Variables as Context Propagation Carriers"), and of
    /// which it is known afterwards.
    /// </summary>
    /// <param name="job">As made here; it is changed.</param>
    /// <param name="traceparent">The context; null for none.</param>
    public static JsonObject Traced(JsonObject job, string? traceparent)
    {
        if (traceparent is not null)
        {
            job["metadata"]!["annotations"]![Names.Traceparent] = traceparent;
            foreach (JsonObject container in job["spec"]!["template"]!["spec"]!["containers"]!.AsArray().OfType<JsonObject>())
            {
                AddVariable(container, "TRACEPARENT", variable => variable["value"] = traceparent);
            }
        }

        return job;
    }

    /// <summary>What every run's pod has, whoever wrote it.</summary>
    private static void Complete(JsonObject template, SchemaGateResource gate, SecretKeyName url, string component)
    {
        JsonObject metadata = Member(template, "metadata");
        JsonObject labels = Member(metadata, "labels");
        JsonObject annotations = Member(metadata, "annotations");
        labels.Remove(Names.Gated);
        annotations.Remove(Names.Requires);
        foreach ((string key, JsonNode? value) in Labels(gate, component))
        {
            labels[key] = value!.DeepClone();
        }

        labels.TryAdd("sidecar.istio.io/inject", "false");
        foreach ((string key, string value) in (IEnumerable<(string, string)>)[.. WithoutMesh, .. WithoutEviction])
        {
            annotations.TryAdd(key, value);
        }

        JsonObject spec = template["spec"]!.AsObject();
        spec["restartPolicy"] = "Never";
        spec.TryAdd("terminationGracePeriodSeconds", 75);
        Place(spec, gate.Spec.Migrate ?? new());
        foreach (JsonObject container in spec["containers"]!.AsArray().OfType<JsonObject>())
        {
            AddUrl(container, "DATABASE_URL", url);
        }
    }

    /// <summary>Where and as whom the pod runs, unless the template says it.</summary>
    private static void Place(JsonObject spec, MigrateSpec migrate)
    {
        TryAdd(spec, "serviceAccountName", migrate.ServiceAccountName);
        TryAdd(spec, "imagePullSecrets", migrate.ImagePullSecrets is { Count: > 0 } secrets
            ? new JsonArray([.. secrets.Select(secret => new JsonObject { ["name"] = secret.Name })])
            : null);
        TryAdd(spec, "nodeSelector", migrate.NodeSelector is { Count: > 0 } selector
            ? new JsonObject(selector.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value)))
            : null);
        TryAdd(spec, "tolerations", migrate.Tolerations is { Count: > 0 } tolerations
            ? new JsonArray([.. tolerations.Select(toleration => JsonNode.Parse(toleration.GetRawText()))])
            : null);
    }

    /// <summary>Straight from the Secret to the container: the URL passes through nobody's hands.</summary>
    private static void AddUrl(JsonObject container, string name, SecretKeyName url) => AddVariable(
        container,
        name,
        variable => variable["valueFrom"] = new JsonObject
        {
            ["secretKeyRef"] = new JsonObject { ["name"] = url.Name, ["key"] = url.Key },
        });

    /// <summary>Unless the template says it.</summary>
    private static void AddVariable(JsonObject container, string name, Action<JsonObject> define)
    {
        container["env"] ??= new JsonArray();
        // What is no list of variables with names goes as it is: the API server says what is wrong with it.
        if (container["env"] is JsonArray environment
            && !environment.OfType<JsonObject>().Any(variable => variable["name"]?.ToString() == name))
        {
            JsonObject variable = new() { ["name"] = name };
            define(variable);
            environment.Add((JsonNode)variable);
        }
    }

    private static JsonObject Labels(SchemaGateResource gate, string component) => new()
    {
        ["app.kubernetes.io/managed-by"] = "schemagate",
        [Component] = component,
        [Names.Run] = gate.Metadata.Uid,
    };

    private static JsonObject Member(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject member)
        {
            parent[name] = member = [];
        }

        return member;
    }

    private static void TryAdd(JsonObject spec, string name, JsonNode? value)
    {
        if (value is not null)
        {
            spec.TryAdd(name, value);
        }
    }
}
