using System.Text;
using System.Text.Json.Nodes;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Benchmarks.Cluster;

/// <summary>Writes what users write.</summary>
internal static class Objects
{
    public static ResourceType<RawObject> Gates { get; } = RawObject.Resource(
        "schemagate.dev", "v1alpha1", "SchemaGate", "schemagates", namespaced: true);

    public static ResourceType<RawObject> Deployments { get; } = RawObject.Resource(
        "apps", "v1", "Deployment", "deployments", namespaced: true);

    /// <summary>A gate with the usual rechecks, and its Secret of the same name.</summary>
    public static async Task CreateGateAsync(KubernetesClient client, ObjectKey key, string image, string database)
    {
        await client.CreateAsync(Kinds.Secret, new()
        {
            Metadata = new() { NamespaceProperty = key.Namespace, Name = key.Name },
            Data = new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["DATABASE_URL"] = Encoding.UTF8.GetBytes(database) },
        });
        await client.CreateAsync(Gates, Read($$"""
            { "metadata": { "name": "{{key.Name}}", "namespace": "{{key.Namespace}}" }, "spec": {
              "changelog": { "image": "{{image}}", "plainHttp": true },
              "database": { "urlFrom": { "name": "{{key.Name}}", "key": "DATABASE_URL" } } } }
            """));
    }

    /// <param name="key">Its namespace and name.</param>
    /// <param name="requires">What its template requires; null for one that is not gated.</param>
    public static string DeploymentJson(ObjectKey key, string? requires)
    {
        string label = requires is null ? "" : "\"schemagate.dev/gated\": \"true\"";
        string annotation = requires is null ? "" : $"\"schemagate.dev/requires\": \"{requires}\"";
        return $$"""
            { "apiVersion": "apps/v1", "kind": "Deployment",
              "metadata": { "name": "{{key.Name}}", "namespace": "{{key.Namespace}}", "labels": { {{label}} } },
              "spec": { "selector": { "matchLabels": { "app": "shop" } }, "template": {
                "metadata": { "labels": { "app": "shop"{{(label.Length > 0 ? ", " + label : "")}} }, "annotations": { {{annotation}} } },
                "spec": { "containers": [ { "name": "app", "image": "app:v1" } ] } } } }
            """;
    }

    public static Task CreateDeploymentAsync(KubernetesClient client, ObjectKey key, string? requires) =>
        client.CreateAsync(Deployments, Read(DeploymentJson(key, requires)));

    /// <summary>Returns when this many gates have this verdict.</summary>
    public static Task AwaitVerdictAsync(KubernetesClient client, string verdict, int count, TimeSpan patience)
    {
        int seen = 0;
        return Patiently.UntilAsync(
            async () => (seen = (await client.ListAllAsync(Api.SchemaGateResource.Resource, null)).Items.Count(
                gate => gate.Status?.Verdict == verdict)) == count,
            patience, () => $"{seen} of {count} gates are {verdict}");
    }

    private static RawObject Read(string json) => RawObject.From(JsonNode.Parse(json)!.AsObject());
}
