using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator.Serving;

/// <summary>
/// Tells the API server which objects to ask about.
/// Only gated workloads and gates themselves: nobody else is ever kept waiting.
/// </summary>
/// <param name="client">The API server.</param>
/// <param name="endpoint">Where the webhooks answer.</param>
/// <param name="hasMatchConditions">Whether the API server tells a pod of a ReplicaSet by its owner: a label may be anybody's.</param>
internal sealed class WebhookRegistration(KubernetesClient client, WebhookEndpoint endpoint, bool hasMatchConditions)
{
    public const string DeploymentPath = "/admission/deployments";
    public const string ReplicaSetPath = "/admission/replicasets";
    public const string PodSetPath = "/admission/podsets";
    public const string PodSetStatusPath = "/admission/podsets-status";
    public const string PodPath = "/admission/pods";
    public const string HeldPodPath = "/admission/held-pods";
    public const string ClaimantPath = "/admission/claimants";
    public const string GatePath = "/admission/schemagates";
    public const string ClaimPath = "/admission/claims";

    private const string SetPodsName = "podset-pods.schemagate.dev";

    /// <summary>Of a pod: no ReplicaSet makes it.</summary>
    private const string NotBorn = "!(has(object.metadata.ownerReferences) && object.metadata.ownerReferences.exists(owner, "
        + "has(owner.controller) && owner.controller && owner.apiVersion == 'apps/v1' && owner.kind == 'ReplicaSet'))";

    /// <summary>Of a pod that waits: what holds it may be another. A finalizer comes and goes with nobody there to ask.</summary>
    private const string HoldChanged = "object.spec != oldObject.spec || !has(object.metadata.labels) || !('" + Names.Held
        + "' in object.metadata.labels) || !has(object.metadata.annotations) || !has(oldObject.metadata.annotations) "
        + "|| object.metadata.annotations != oldObject.metadata.annotations";

    /// <summary>The labels of a Deployment's pods, and of a Rollout's.</summary>
    private static readonly string[] s_bornHashes = ["pod-template-hash", "rollouts-pod-template-hash"];

    /// <summary>What cannot be asked about cannot be let through.</summary>
    private const string Fail = "Fail";

    /// <summary>The two configurations as the API server has them; null for one that is not there.</summary>
    public async Task<IReadOnlyList<RawObject?>> ReadAsync(CancellationToken cancellation) =>
    [
        await client.FindAsync(OperatorObjects.MutatingWebhooks, null, OperatorObjects.Webhooks, cancellation),
        await client.FindAsync(OperatorObjects.ValidatingWebhooks, null, OperatorObjects.Webhooks, cancellation),
    ];

    /// <summary>The authorities that the API server trusts, as PEM texts; those of both configurations, where they differ.</summary>
    public static IReadOnlyList<string> Trusted(IReadOnlyList<RawObject?> present) =>
        [.. present.OfType<RawObject>().SelectMany(Bundles).SelectMany(CertificateSet.Split).Distinct(StringComparer.Ordinal)];

    /// <summary>Whether both configurations say what <see cref="ApplyAsync"/> would write.</summary>
    public bool IsCurrent(IReadOnlyList<RawObject?> present, string bundle, IReadOnlyList<string> unasked) => present
        .Zip(Wanted(endpoint, bundle, unasked, hasMatchConditions))
        .All(pair => pair.First is { } configuration && Covers(JsonNode.Parse(configuration.Content.GetRawText()), pair.Second.Content));

    /// <param name="bundle">The authorities to trust, PEM.</param>
    /// <param name="unasked">The hashes of which pods are made with nobody there to ask (<see cref="PodSetView.Unasked"/>).</param>
    /// <param name="cancellation">Ends the requests.</param>
    public async Task ApplyAsync(string bundle, IReadOnlyList<string> unasked, CancellationToken cancellation)
    {
        foreach ((ResourceType<RawObject> type, JsonObject wanted) in Wanted(endpoint, bundle, unasked, hasMatchConditions))
        {
            await client.PatchAsync(type, null, OperatorObjects.Webhooks, new ApplyPatch(wanted) { Force = true }, null, cancellation);
        }
    }

    /// <summary>The two configurations' content.</summary>
    internal static IEnumerable<(ResourceType<RawObject> Type, JsonObject Content)> Wanted(
        WebhookEndpoint endpoint, string bundle, IReadOnlyList<string> unasked, bool hasMatchConditions)
    {
        JsonObject Hook(string name, string path, JsonObject? selector, string failure, params JsonNode[] rules) =>
            Webhook(name, endpoint.ToClientConfig(path), bundle, selector, failure, rules);

        // Another webhook may change a template after this one: then it is asked again.
        JsonObject Deciding(string name, string path, JsonObject? selector, string failure, params JsonNode[] rules)
        {
            JsonObject hook = Asking(Hook(name, path, selector, failure, rules));
            hook["reinvocationPolicy"] = "IfNeeded";
            return hook;
        }

        JsonObject deployments = Deciding(
            "deployments.schemagate.dev", DeploymentPath, Gated(), Fail,
            Rule("apps", "v1", "deployments"), Rule("argoproj.io", "*", "rollouts"));
        JsonObject claims = Hook("claims.schemagate.dev", ClaimPath, null, Fail, Rule("schemagate.dev", "v1alpha1", "schemagates"));
        JsonObject sets = Deciding(
            "podsets.schemagate.dev", PodSetPath, Gated(), Fail, Rule("apps", "v1", "statefulsets"), Rule("apps", "v1", "daemonsets"));
        // Only of what is held: its controller makes pods all the same while nobody answers, and reports them later.
        JsonObject setStatuses = Hook(
            "podsets-status.schemagate.dev", PodSetStatusPath, Having([Names.Held], []), Fail,
            Rule("apps", "v1", "statefulsets/status", "UPDATE"));
        // Those of a ReplicaSet carry a hash: it was born already. Its owner may want them asked about all the same.
        JsonNode pods = Rule("", "v1", "pods", "CREATE");
        string[] hashes = hasMatchConditions ? [ControllerRevision.HashLabel] : [.. s_bornHashes, ControllerRevision.HashLabel];
        JsonObject barePods = Deciding("pods.schemagate.dev", PodPath, Gated(hashes), Fail, pods);
        // What holds a pod is not taken off by hand.
        JsonObject heldPods = Hook(
            "held-pods.schemagate.dev", HeldPodPath, Having([Names.Held], []), Fail, Rule("", "v1", "pods", "UPDATE"));
        if (hasMatchConditions)
        {
            barePods["matchConditions"] = Condition("not-born", NotBorn);
            heldPods["matchConditions"] = Condition("hold-changed", HoldChanged);
        }

        JsonObject askedPods = Deciding(
            "replicaset-pods.schemagate.dev", PodPath, Having([Names.Gated, Names.HoldPods], [ControllerRevision.HashLabel]), Fail,
            pods.DeepClone());
        // What runs of a set is made again with every replica of the operator gone; a first revision that waits is not.
        IEnumerable<JsonNode> setPods = SetPods(unasked).Select(
            set => Deciding(set.Name, PodPath, set.Selector, set.Failure, pods.DeepClone()));
        yield return (
            OperatorObjects.MutatingWebhooks,
            new JsonObject
            {
                ["webhooks"] = new JsonArray([deployments, sets, setStatuses, barePods, askedPods, heldPods, claims, .. setPods]),
            });

        JsonObject gates = Hook("schemagates.schemagate.dev", GatePath, null, Fail, Rule("schemagate.dev", "v1alpha1", "schemagates"));
        JsonObject births = Asking(
            Hook("births.schemagate.dev", ReplicaSetPath, Gated(), Fail, Rule("apps", "v1", "replicasets", "CREATE")));
        // A revision that is there is scaled with every replica of the operator gone, too: this only stands behind the Deployment's pause.
        JsonObject revisions = Hook(
            "revisions.schemagate.dev", ReplicaSetPath, Gated(), "Ignore", Rule("apps", "v1", "replicasets", "UPDATE"));
        revisions["timeoutSeconds"] = 3;
        JsonObject claimants = Asking(Hook(
            "claimants.schemagate.dev", ClaimantPath, Gated(), Fail, Rule("batch", "*", "jobs"), Rule("batch", "*", "cronjobs"),
            Rule("", "v1", "replicationcontrollers")));
        yield return (
            OperatorObjects.ValidatingWebhooks, new JsonObject { ["webhooks"] = new JsonArray(gates, births, revisions, claimants) });
    }

    private static JsonArray Condition(string name, string expression) =>
        new(new JsonObject { ["name"] = name, ["expression"] = expression });

    /// <summary>What is refused may be written into a gate's status, to be judged.</summary>
    private static JsonObject Asking(JsonObject hook)
    {
        hook["sideEffects"] = "NoneOnDryRun";
        return hook;
    }

    private static IEnumerable<(string Name, string Failure, JsonObject Selector)> SetPods(IReadOnlyList<string> unasked)
    {
        JsonObject Of(string verb) => Having([Names.Gated, ControllerRevision.HashLabel], [], new JsonObject
        {
            ["key"] = ControllerRevision.HashLabel,
            ["operator"] = verb,
            ["values"] = new JsonArray([.. unasked.Select(hash => (JsonNode)hash)]),
        });

        if (unasked.Count == 0)
        {
            yield return (SetPodsName, Fail, Having([Names.Gated, ControllerRevision.HashLabel], []));
        }
        else
        {
            yield return (SetPodsName, Fail, Of("NotIn"));
            yield return ("podset-pods-running.schemagate.dev", "Ignore", Of("In"));
        }
    }

    private static JsonObject Webhook(
        string name, JsonObject target, string bundle, JsonObject? selector, string failure, params JsonNode[] rules)
    {
        target["caBundle"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(bundle));
        JsonObject webhook = new()
        {
            ["name"] = name,
            ["admissionReviewVersions"] = new JsonArray("v1"),
            ["sideEffects"] = "None",
            ["failurePolicy"] = failure,
            ["matchPolicy"] = "Equivalent",
            ["timeoutSeconds"] = 10,
            ["clientConfig"] = target,
            ["rules"] = new JsonArray(rules),
        };
        if (selector is not null)
        {
            webhook["objectSelector"] = selector;
        }

        return webhook;
    }

    /// <summary>Who carries the label is asked about, whatever its value: what it means to say is answered in words.</summary>
    private static JsonObject Gated(params string[] absent) => Having([Names.Gated], absent);

    private static JsonObject Having(string[] present, string[] absent, params JsonNode[] more) => new()
    {
        ["matchExpressions"] = new JsonArray(
        [
            .. present.Select(label => new JsonObject { ["key"] = label, ["operator"] = "Exists" }),
            .. absent.Select(label => new JsonObject { ["key"] = label, ["operator"] = "DoesNotExist" }),
            .. more,
        ]),
    };

    private static JsonObject Rule(string group, string version, string resource, params string[] operations) => new()
    {
        ["apiGroups"] = new JsonArray(group),
        ["apiVersions"] = new JsonArray(version),
        ["resources"] = new JsonArray(resource),
        ["operations"] = new JsonArray(
            [.. (operations.Length == 0 ? ["CREATE", "UPDATE"] : operations).Select(operation => (JsonNode)operation)]),
        ["scope"] = "Namespaced",
    };

    private static IEnumerable<string> Bundles(RawObject configuration) =>
        configuration.Content.TryGetProperty("webhooks", out JsonElement webhooks) && webhooks.ValueKind == JsonValueKind.Array
            ? webhooks.EnumerateArray().Select(Bundle)
            : [];

    private static string Bundle(JsonElement webhook) =>
        webhook.TryGetProperty("clientConfig", out JsonElement target)
        && target.TryGetProperty("caBundle", out JsonElement bundle)
        && bundle.TryGetBytesFromBase64(out byte[]? pem) ? Encoding.ASCII.GetString(pem) : "";

    /// <summary>Whether everything that is wanted is there, whatever the server has added.</summary>
    private static bool Covers(JsonNode? present, JsonNode? wanted) => (present, wanted) switch
    {
        (JsonObject has, JsonObject wants) => wants.All(member => Covers(has[member.Key], member.Value)),
        // The server keeps its own order of what has names.
        (JsonArray has, JsonArray wants) => has.Count == wants.Count && ByName(has).Zip(ByName(wants))
            .All(pair => Covers(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(present, wanted),
    };

    private static IEnumerable<JsonNode?> ByName(JsonArray list) =>
        list.OrderBy(item => item is JsonObject value ? value["name"]?.ToString() : null, StringComparer.Ordinal);
}
