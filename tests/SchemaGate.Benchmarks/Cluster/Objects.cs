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

    /// <param name="kind">Deployment, ReplicaSet, StatefulSet, DaemonSet, Job or Pod.</param>
    /// <param name="key">Its namespace and name.</param>
    /// <param name="requires">What its template requires; null for one that is not gated.</param>
    public static string Json(string kind, ObjectKey key, string? requires)
    {
        string label = requires is null ? "" : "\"schemagate.dev/gated\": \"true\"";
        string annotation = requires is null ? "" : $"\"schemagate.dev/requires\": \"{requires}\"";
        string metadata = $$"""
            "labels": { "app": "shop"{{(label.Length > 0 ? ", " + label : "")}} }, "annotations": { {{annotation}} }
            """;
        const string Pod = """
            "spec": { "restartPolicy": "RESTART", "containers": [ { "name": "app", "image": "app:v1" } ] }
            """;
        string spec = kind switch
        {
            "Pod" => Pod.Replace("RESTART", "Always", StringComparison.Ordinal),
            "Job" => $$"""
                "spec": { "template": { "metadata": { {{metadata}} }, {{Pod.Replace("RESTART", "Never", StringComparison.Ordinal)}} } }
                """,
            _ => $$"""
                "spec": { "selector": { "matchLabels": { "app": "shop" } }, {{(kind == "StatefulSet" ? "\"serviceName\": \"shop\"," : "")}}
                  "template": { "metadata": { {{metadata}} }, {{Pod.Replace("RESTART", "Always", StringComparison.Ordinal)}} } }
                """,
        };
        string own = kind == "Pod" ? metadata : $$""" "labels": { {{label}} } """;
        return $$"""
            { "apiVersion": "{{ApiVersion(kind)}}", "kind": "{{kind}}",
              "metadata": { "name": "{{key.Name}}", "namespace": "{{key.Namespace}}", {{own}} }, {{spec}} }
            """;
    }

    /// <summary>Where a kind is made.</summary>
    public static string Path(string kind, string ns) =>
        $"/{(kind == "Pod" ? "api" : "apis")}/{ApiVersion(kind)}/namespaces/{ns}/{kind.ToLowerInvariant()}s";

    private static string ApiVersion(string kind) => kind switch { "Pod" => "v1", "Job" => "batch/v1", _ => "apps/v1" };

    public static Task CreateDeploymentAsync(KubernetesClient client, ObjectKey key, string? requires) =>
        client.CreateAsync(Deployments, Read(Json("Deployment", key, requires)));

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
