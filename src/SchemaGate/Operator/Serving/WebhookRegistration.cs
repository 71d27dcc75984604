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

    /// <summary>The members of a webhook that keep objects from it.</summary>
    private static readonly string[] s_narrowing = ["namespaceSelector", "objectSelector", "matchConditions"];

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
    /// The secrets of the paths at which the API server asks, each once: empty for one without, "?" for what is no path of the operator's.
    /// </summary>
    public static IReadOnlyList<string> Secrets(IReadOnlyList<RawObject?> present) =>
        [.. present.OfType<RawObject>().SelectMany(Webhooks).Select(Secret).Distinct(StringComparer.Ordinal)];

    /// <summary>The hashes that are registered (<see cref="PodSetView.Unasked"/>).</summary>
    public static IEnumerable<string> Unasked(IReadOnlyList<RawObject?> present) =>
        from hook in present.OfType<RawObject>().SelectMany(Webhooks)
        where hook.Text("name") == WebhookContent.RunningPodsName
            && hook.Member("objectSelector").Member("matchExpressions").ValueKind == JsonValueKind.Array
        from term in hook.Member("objectSelector").Member("matchExpressions").EnumerateArray()
        where term.Text("operator") == "In" && term.Member("values").ValueKind == JsonValueKind.Array
        from value in term.Member("values").EnumerateArray()
        select value.GetString() ?? "";

    /// <summary>Whether both configurations say what <see cref="ApplyAsync"/> would write.</summary>
    public bool IsCurrent(IReadOnlyList<RawObject?> present, string bundle, string secret, IReadOnlyList<string> unasked) => present
        .Zip(WebhookContent.Wanted(endpoint with { Secret = secret }, bundle, unasked, hasMatchConditions))
        .All(pair => pair.First is { } configuration && Says(configuration, pair.Second.Content));

    /// <summary>
    /// Whether the API server asks an operator, of whatever version: both are there, with paths and authorities. What else they say differs
    /// from version to version, or is what a cloud provider adds to every webhook, and is the leader's to mend: a replica that waited for
    /// that in an update would wait for a leader that waits for the replica, and refusing all else helps nobody who is not asked about.
    /// </summary>
    public static bool IsAsking(IReadOnlyList<RawObject?> present) => present.All(configuration =>
        configuration is not null && Webhooks(configuration).Any() && Webhooks(configuration).All(hook =>
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
            if (!Says(applied, wanted))
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

    private static string Secret(JsonElement webhook)
    {
        JsonElement target = webhook.Member("clientConfig");
        return WebhookEndpoint.SecretIn(target.Text("url") ?? target.Member("service").Text("path") ?? "") ?? "?";
    }

    private static string Bundle(JsonElement webhook) =>
        webhook.TryGetProperty("clientConfig", out JsonElement target)
        && target.TryGetProperty("caBundle", out JsonElement bundle)
        && bundle.TryGetBytesFromBase64(out byte[]? pem) ? Encoding.ASCII.GetString(pem) : "";

    private static bool Says(RawObject configuration, JsonObject wanted) =>
        Covers(JsonNode.Parse(configuration.Content.GetRawText()), wanted);

    /// <summary>Whether everything that is wanted is there, whatever the server has added that asks about no less.</summary>
    private static bool Covers(JsonNode? present, JsonNode? wanted) => (present, wanted) switch
    {
        (JsonObject has, JsonObject wants) => wants.All(member => Covers(has[member.Key], member.Value))
            && (!wants.ContainsKey("rules") || s_narrowing.All(member => IsAsNarrow(has[member], wants[member]))),
        // The server keeps its own order of what has names.
        (JsonArray has, JsonArray wants) => has.Count == wants.Count && ByName(has).Zip(ByName(wants))
            .All(pair => Covers(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(present, wanted),
    };

    /// <summary>A selector that is not written selects everything; the server writes it as an empty one.</summary>
    private static bool IsAsNarrow(JsonNode? present, JsonNode? wanted) => JsonNode.DeepEquals(
        present is JsonObject { Count: 0 } or JsonArray { Count: 0 } ? null : present, wanted);

    private static IEnumerable<JsonNode?> ByName(JsonArray list) =>
        list.OrderBy(item => item is JsonObject value ? value["name"]?.ToString() : null, StringComparer.Ordinal);
}
