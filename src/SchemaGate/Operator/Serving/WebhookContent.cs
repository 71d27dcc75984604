using System.Text;
using System.Text.Json.Nodes;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;
using static SchemaGate.Operator.Serving.WebhookRegistration;

namespace SchemaGate.Operator.Serving;

/// <summary>What the two configurations say: which objects the API server asks about, where, and what it does without an answer.</summary>
internal static class WebhookContent
{
    public const string RunningPodsName = "podset-pods-running.schemagate.dev";

    private const string SetPodsName = "podset-pods.schemagate.dev";

    /// <summary>Of a pod: no ReplicaSet makes it.</summary>
    private const string NotBorn = "!(has(object.metadata.ownerReferences) && object.metadata.ownerReferences.exists(owner, "
        + "has(owner.controller) && owner.controller && owner.apiVersion == 'apps/v1' && owner.kind == 'ReplicaSet'))";

    /// <summary>Of a pod that waits: what holds it may be another. A finalizer comes and goes with nobody there to ask.</summary>
    private const string HoldChanged = "object.spec != oldObject.spec || !has(object.metadata.labels) || !('" + Names.Held
        + "' in object.metadata.labels) || !has(object.metadata.annotations) || !has(oldObject.metadata.annotations) "
        + "|| object.metadata.annotations != oldObject.metadata.annotations";

    /// <summary>
    /// Of an update: something of it may be judged. The garbage collector takes its finalizer off what is deleted with its dependents, or
    /// without them, with nobody there to ask, too. A change of the owners is asked about: it decides who judges. So is all that is not
    /// being deleted: a webhook that comes later may change its template.
    /// </summary>
    private static readonly string s_changed = "request.operation != 'UPDATE' || !has(object.metadata.deletionTimestamp) || " + string.Join(
        " || ", ((string[])["spec", "metadata.labels", "metadata.annotations", "metadata.ownerReferences"]).Select(member =>
            $"has(object.{member}) != has(oldObject.{member}) || (has(object.{member}) && object.{member} != oldObject.{member})"));

    /// <summary>What cannot be asked about cannot be let through.</summary>
    private const string Fail = "Fail";

    /// <summary>The two configurations' content.</summary>
    public static IEnumerable<(ResourceType<RawObject> Type, JsonObject Content)> Wanted(
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
        string[] hashes = hasMatchConditions ? [ControllerRevision.HashLabel] : [.. ReplicaSet.HashLabels, ControllerRevision.HashLabel];
        JsonObject barePods = Deciding("pods.schemagate.dev", PodPath, Gated(hashes), Fail, pods);
        // What holds a pod is not taken off by hand.
        JsonObject heldPods = Hook(
            "held-pods.schemagate.dev", HeldPodPath, Having([Names.Held], []), Fail, Rule("", "v1", "pods", "UPDATE"));
        if (hasMatchConditions)
        {
            barePods["matchConditions"] = Condition("not-born", NotBorn);
            heldPods["matchConditions"] = Condition("hold-changed", HoldChanged);
            Array.ForEach([deployments, sets, claims], OfChanges);
        }

        JsonObject askedPods = Deciding(
            "replicaset-pods.schemagate.dev", PodPath, Having([Names.Gated, Names.HoldPods], [ControllerRevision.HashLabel]), Fail,
            pods.DeepClone());
        // Who makes a pod by hand may copy a hash: an older server cannot tell its owner. What is born is made with nobody there to ask.
        IEnumerable<JsonNode> copiedHashes = hasMatchConditions ? [] : ReplicaSet.HashLabels.Select(hash => Copied(Deciding(
            $"{hash}.schemagate.dev", PodPath, Having([Names.Gated, hash], [Names.HoldPods]), "Ignore", pods.DeepClone())));
        // What runs of a set is made again with every replica of the operator gone; a first revision that waits is not.
        IEnumerable<JsonNode> setPods = SetPods(unasked).Select(
            set => Deciding(set.Name, PodPath, set.Selector, set.Failure, pods.DeepClone()));
        yield return (
            OperatorObjects.MutatingWebhooks,
            new JsonObject
            {
                ["webhooks"] = new JsonArray(
                    [deployments, sets, setStatuses, barePods, askedPods, heldPods, claims, .. copiedHashes, .. setPods]),
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
        if (hasMatchConditions)
        {
            Array.ForEach([gates, claimants], OfChanges);
        }

        yield return (
            OperatorObjects.ValidatingWebhooks, new JsonObject { ["webhooks"] = new JsonArray(gates, births, revisions, claimants) });
    }

    /// <summary>Short: what is not answered is made, and nearly all of it is a ReplicaSet's.</summary>
    private static JsonObject Copied(JsonObject hook)
    {
        hook["timeoutSeconds"] = 2;
        return hook;
    }

    private static void OfChanges(JsonObject hook) => hook["matchConditions"] = Condition("changed", s_changed);

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
            yield return (RunningPodsName, "Ignore", Of("In"));
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
}
