using System.Text;
using System.Text.Json.Nodes;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>Tells the API server which objects to ask about. Only gated workloads and gates themselves: nobody else is ever kept waiting.</summary>
internal static class WebhookRegistration
{
    public const string DeploymentPath = "/admission/deployments";
    public const string GatePath = "/admission/schemagates";

    private const string Group = "admissionregistration.k8s.io";
    private const string Name = "schemagate";

    /// <param name="client">The API server.</param>
    /// <param name="url">Where the webhooks answer, from the API server's point of view.</param>
    /// <param name="authorityPem">What signed their certificate.</param>
    /// <param name="cancellation">Ends the request.</param>
    public static async Task ApplyAsync(KubernetesClient client, Uri url, string authorityPem, CancellationToken cancellation)
    {
        JsonObject gated = Webhook("deployments.schemagate.dev", url, DeploymentPath, authorityPem, Rule("apps", "v1", "deployments"));
        gated["objectSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { [Names.Gated] = "true" } };
        // Another webhook may change the template after this one: then it is asked again.
        gated["reinvocationPolicy"] = "IfNeeded";
        await ApplyAsync(client, "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", gated, cancellation);

        JsonObject gates = Webhook("schemagates.schemagate.dev", url, GatePath, authorityPem, Rule("schemagate.dev", "v1alpha1", "schemagates"));
        await ApplyAsync(client, "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", gates, cancellation);
    }

    private static Task ApplyAsync(KubernetesClient client, string kind, string plural, JsonObject webhook, CancellationToken cancellation) =>
        client.PatchAsync(
            RawObject.Resource(Group, "v1", kind, plural, namespaced: false), null, Name,
            new ApplyPatch(new JsonObject { ["webhooks"] = new JsonArray(webhook) }) { Force = true }, null, cancellation);

    private static JsonObject Webhook(string name, Uri url, string path, string authorityPem, JsonObject rule) => new()
    {
        ["name"] = name,
        ["admissionReviewVersions"] = new JsonArray("v1"),
        ["sideEffects"] = "None",
        // What cannot be asked about cannot be let through.
        ["failurePolicy"] = "Fail",
        ["matchPolicy"] = "Equivalent",
        ["timeoutSeconds"] = 10,
        ["clientConfig"] = new JsonObject
        {
            ["url"] = url.ToString().TrimEnd('/') + path,
            ["caBundle"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(authorityPem)),
        },
        ["rules"] = new JsonArray(rule),
    };

    private static JsonObject Rule(string group, string version, string resource) => new()
    {
        ["apiGroups"] = new JsonArray(group),
        ["apiVersions"] = new JsonArray(version),
        ["resources"] = new JsonArray(resource),
        ["operations"] = new JsonArray("CREATE", "UPDATE"),
        ["scope"] = "Namespaced",
    };
}
