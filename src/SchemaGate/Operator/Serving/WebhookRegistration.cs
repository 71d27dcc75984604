using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
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
internal sealed class WebhookRegistration(KubernetesClient client, WebhookEndpoint endpoint)
{
    public const string DeploymentPath = "/admission/deployments";
    public const string GatePath = "/admission/schemagates";
    public const string ClaimPath = "/admission/claims";

    private const string Name = "schemagate";

    private static readonly ResourceType<RawObject> Mutating = Type("MutatingWebhookConfiguration", "mutatingwebhookconfigurations");
    private static readonly ResourceType<RawObject> Validating = Type("ValidatingWebhookConfiguration", "validatingwebhookconfigurations");

    /// <summary>The two configurations as the API server has them; null for one that is not there.</summary>
    public async Task<IReadOnlyList<RawObject?>> ReadAsync(CancellationToken cancellation) =>
    [
        await client.FindAsync(Mutating, null, Name, cancellation),
        await client.FindAsync(Validating, null, Name, cancellation),
    ];

    /// <summary>The authorities that the API server trusts, as PEM texts; those of both configurations, where they differ.</summary>
    public static IReadOnlyList<string> Trusted(IReadOnlyList<RawObject?> present) =>
        [.. present.OfType<RawObject>().SelectMany(Bundles).SelectMany(CertificateSet.Split).Distinct(StringComparer.Ordinal)];

    /// <summary>Whether both configurations say what <see cref="ApplyAsync"/> would write.</summary>
    public bool IsCurrent(IReadOnlyList<RawObject?> present, string bundle) => present.Zip(Wanted(endpoint, bundle))
        .All(pair => pair.First is { } configuration && Covers(JsonNode.Parse(configuration.Content.GetRawText()), pair.Second.Content));

    /// <param name="bundle">The authorities to trust, PEM.</param>
    /// <param name="cancellation">Ends the requests.</param>
    public async Task ApplyAsync(string bundle, CancellationToken cancellation)
    {
        foreach ((ResourceType<RawObject> type, JsonObject wanted) in Wanted(endpoint, bundle))
        {
            await client.PatchAsync(type, null, Name, new ApplyPatch(wanted) { Force = true }, null, cancellation);
        }
    }

    /// <summary>The two configurations' content.</summary>
    internal static IEnumerable<(ResourceType<RawObject> Type, JsonObject Content)> Wanted(WebhookEndpoint endpoint, string bundle)
    {
        JsonObject gated = Webhook(
            "deployments.schemagate.dev",
            endpoint.ToClientConfig(DeploymentPath),
            bundle,
            Rule("apps", "v1", "deployments"));
        gated["objectSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { [Names.Gated] = "true" } };
        // Another webhook may change the template after this one: then it is asked again.
        gated["reinvocationPolicy"] = "IfNeeded";
        JsonObject gates = Webhook(
            "schemagates.schemagate.dev",
            endpoint.ToClientConfig(GatePath),
            bundle,
            Rule("schemagate.dev", "v1alpha1", "schemagates"));
        JsonObject claims = Webhook(
            "claims.schemagate.dev",
            endpoint.ToClientConfig(ClaimPath),
            bundle,
            Rule("schemagate.dev", "v1alpha1", "schemagates"));
        yield return (Mutating, new JsonObject { ["webhooks"] = new JsonArray(gated, claims) });
        yield return (Validating, new JsonObject { ["webhooks"] = new JsonArray(gates) });
    }

    private static JsonObject Webhook(string name, JsonObject target, string bundle, JsonObject rule)
    {
        target["caBundle"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(bundle));
        return new JsonObject
        {
            ["name"] = name,
            ["admissionReviewVersions"] = new JsonArray("v1"),
            ["sideEffects"] = "None",
            // What cannot be asked about cannot be let through.
            ["failurePolicy"] = "Fail",
            ["matchPolicy"] = "Equivalent",
            ["timeoutSeconds"] = 10,
            ["clientConfig"] = target,
            ["rules"] = new JsonArray(rule),
        };
    }

    private static JsonObject Rule(string group, string version, string resource) => new()
    {
        ["apiGroups"] = new JsonArray(group),
        ["apiVersions"] = new JsonArray(version),
        ["resources"] = new JsonArray(resource),
        ["operations"] = new JsonArray("CREATE", "UPDATE"),
        ["scope"] = "Namespaced",
    };

    private static ResourceType<RawObject> Type(string kind, string plural) =>
        RawObject.Resource("admissionregistration.k8s.io", "v1", kind, plural, namespaced: false);

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
        (JsonArray has, JsonArray wants) => has.Count == wants.Count && has.Zip(wants).All(pair => Covers(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(present, wanted),
    };
}
