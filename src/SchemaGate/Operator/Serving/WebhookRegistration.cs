using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaGate.Api;
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

    /// <summary>Among the secrets of paths: what is no path of the operator's.</summary>
    private const string NoPath = "?";

    private static readonly HashSet<string> s_names =
    [
        .. WebhookContent.Wanted(new WebhookEndpoint.InCluster("", ""), "", ["hash"], hasMatchConditions: true)
            .SelectMany(wanted => wanted.Content["webhooks"]!.AsArray()).Select(hook => hook!["name"]!.ToString()),
    ];

    /// <summary>The two configurations as the API server has them; null for one that is not there.</summary>
    public async Task<IReadOnlyList<RawObject?>> ReadAsync(CancellationToken cancellation) =>
    [
        await client.FindAsync(OperatorObjects.MutatingWebhooks, null, OperatorObjects.Webhooks, cancellation),
        await client.FindAsync(OperatorObjects.ValidatingWebhooks, null, OperatorObjects.Webhooks, cancellation),
    ];

    /// <summary>The authorities that the API server trusts, as PEM texts; those of both configurations, where they differ.</summary>
    public static IReadOnlyList<string> Trusted(IReadOnlyList<RawObject?> present) =>
    [
        .. present.OfType<RawObject>().SelectMany(Webhooks).Select(Bundle).SelectMany(CertificateSet.Split)
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>
    /// The secrets of the paths at which the API server asks, each once: empty for a path without, or <see cref="NoPath"/>.
    /// </summary>
    public static IReadOnlyList<string> Secrets(IReadOnlyList<RawObject?> present) =>
        [.. present.OfType<RawObject>().SelectMany(Webhooks).Select(Secret).Distinct(StringComparer.Ordinal)];

    /// <summary>
    /// As <see cref="Secrets"/>, without <see cref="NoPath"/> where any is secret: then manifests have only added a webhook, such as one
    /// that an older server needs, and whoever is asked at the others' paths knows secrets.
    /// </summary>
    public static IReadOnlyList<string> Asked(IReadOnlyList<RawObject?> present) =>
        Secrets(present) is var secrets && secrets.Any(AdmissionPaths.IsSecret) ? [.. secrets.Where(secret => secret != NoPath)] : secrets;

    /// <summary>The hashes that are registered (<see cref="PodSetView.Unasked"/>).</summary>
    public static IEnumerable<string> Unasked(IReadOnlyList<RawObject?> present) =>
        from hook in present.OfType<RawObject>().SelectMany(Webhooks)
        where hook.Text("name") == WebhookContent.RunningPodsName
            && hook.Member("objectSelector").Member("matchExpressions").ValueKind == JsonValueKind.Array
        from term in hook.Member("objectSelector").Member("matchExpressions").EnumerateArray()
        where term.Text("operator") == "In" && term.Member("values").ValueKind == JsonValueKind.Array
        from value in term.Member("values").EnumerateArray()
        select value.GetString() ?? "";

    /// <summary>In what the configurations differ from what <see cref="ApplyAsync"/> would write; empty where they do not.</summary>
    public IReadOnlyList<string> Differences(
        IReadOnlyList<RawObject?> present, string bundle, string secret, IReadOnlyList<string> unasked) =>
    [
        .. present.Zip(WebhookContent.Wanted(endpoint with { Secret = secret }, bundle, unasked, hasMatchConditions))
            .SelectMany(pair => WebhookScope.Differences(Whole(pair.First), pair.Second.Content)),
    ];

    /// <summary>Whether one of the configurations is not there, or asks about less (<see cref="WebhookScope.IsLess"/>).</summary>
    /// <param name="present">The configurations.</param>
    /// <param name="bundle">The authorities to trust, PEM.</param>
    /// <param name="unasked">The hashes that may be registered.</param>
    public bool IsAskingLess(IReadOnlyList<RawObject?> present, string bundle, IReadOnlyList<IReadOnlyList<string>> unasked)
    {
        // The manifests (config/webhook) know no hashes, and no server.
        List<List<JsonObject>> contents = [
            .. unasked.Select(hashes => Contents(bundle, hashes, hasMatchConditions)), Contents(bundle, [], hasMatchConditions: false),
        ];
        return present.Index().Any(one => one.Item is null
            || WebhookScope.IsLess(Whole(one.Item), [.. contents.Select(content => content[one.Index])]));
    }

    /// <summary>
    /// Why this operator cannot take the webhooks over, and what to do; null where it can. A webhook has a Service or a URL, and applying
    /// does not take away what others have applied.
    /// </summary>
    public string? Occupied(IReadOnlyList<RawObject?> present) => endpoint is WebhookEndpoint.InCluster ? null
        : present.OfType<RawObject>().SelectMany(Webhooks).Select(hook => hook.Member("clientConfig").Member("service"))
            .Where(service => service.ValueKind == JsonValueKind.Object)
            .Select(service => $"the webhooks are registered with the Service {service.Text("namespace")}/{service.Text("name")}, and an "
                + "operator outside of the cluster cannot take them over. If none runs in the cluster any more (it would put them back): "
                + $"`kubectl delete mutatingwebhookconfiguration,validatingwebhookconfiguration {OperatorObjects.Webhooks}`. "
                + "If one does, this cluster needs no other")
            .FirstOrDefault();

    /// <summary>
    /// Whether the API server asks an operator, of whatever version: both are there, with paths and authorities. What else they say differs
    /// from version to version, or is what a cloud provider adds to every webhook, and is the leader's to mend: a replica that waited for
    /// that in an update would wait for a leader that waits for the replica, and refusing all else helps nobody who is not asked about.
    /// So is a webhook that this version does not know: the manifests hold those, too, that only an older server needs.
    /// </summary>
    public static bool IsAsking(IReadOnlyList<RawObject?> present) => present.All(configuration =>
        configuration is not null && Known(configuration) is { Length: > 0 } known && Array.TrueForAll(known, hook =>
            Bundle(hook).Length > 0
            && Secret(hook) is var secret && (secret.Length == 0 || AdmissionPaths.IsSecret(secret))));

    /// <param name="bundle">The authorities to trust, PEM.</param>
    /// <param name="secret">The secret of the paths; empty for paths without.</param>
    /// <param name="unasked">The hashes of which pods are made with nobody there to ask (<see cref="PodSetView.Unasked"/>).</param>
    /// <param name="cancellation">Ends the requests.</param>
    public async Task ApplyAsync(string bundle, string secret, IReadOnlyList<string> unasked, CancellationToken cancellation)
    {
        foreach ((ResourceType<RawObject> type, JsonObject wanted) in WebhookContent.Wanted(
            endpoint with { Secret = secret }, bundle, unasked, hasMatchConditions))
        {
            // It makes one that is not there.
            RawObject applied = await client.PatchAsync(
                type, null, OperatorObjects.Webhooks, new ApplyPatch(wanted) { Force = true }, null, cancellation);
            if (WebhookScope.Differences(Whole(applied), wanted).Any())
            {
                // What somebody else has added, such as a selector of namespaces, is not taken away by applying.
                JsonPatch whole = JsonPatch.Empty.Test("/metadata/resourceVersion", applied.Metadata.ResourceVersion)
                    .Add("/webhooks", wanted["webhooks"]!.DeepClone());
                await client.PatchAsync(type, null, OperatorObjects.Webhooks, whole, null, cancellation);
            }
        }
    }

    private static IEnumerable<JsonElement> Webhooks(RawObject configuration) =>
        configuration.Content.TryGetProperty("webhooks", out JsonElement webhooks) && webhooks.ValueKind == JsonValueKind.Array
            ? webhooks.EnumerateArray()
            : [];

    private static JsonElement[] Known(RawObject configuration) =>
        [.. Webhooks(configuration).Where(hook => s_names.Contains(hook.Text("name") ?? ""))];

    private static string Secret(JsonElement webhook)
    {
        JsonElement target = webhook.Member("clientConfig");
        return WebhookEndpoint.SecretIn(target.Text("url") ?? target.Member("service").Text("path") ?? "") ?? NoPath;
    }

    private static string Bundle(JsonElement webhook) =>
        webhook.TryGetProperty("clientConfig", out JsonElement target)
        && target.TryGetProperty("caBundle", out JsonElement bundle)
        && bundle.TryGetBytesFromBase64(out byte[]? pem) ? Encoding.ASCII.GetString(pem) : "";

    private List<JsonObject> Contents(string bundle, IReadOnlyList<string> unasked, bool hasMatchConditions) =>
        [.. WebhookContent.Wanted(endpoint with { Secret = "" }, bundle, unasked, hasMatchConditions).Select(wanted => wanted.Content)];

    private static JsonNode? Whole(RawObject? configuration) =>
        configuration is null ? null : JsonNode.Parse(configuration.Content.GetRawText());
}
