using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator.Serving;

/// <summary>
/// Whether everyone behind the operator's Service is of this process's own ReplicaSet. In an update from a version that knows no secret
/// paths the old replicas answer beside the new ones: until they are gone the API server must ask at the paths that both know.
/// </summary>
/// <param name="client">The API server.</param>
/// <param name="options">The Service, and this process's own pod.</param>
internal sealed class ServedReplicas(KubernetesClient client, OperatorOptions options)
{
    private const string HashLabel = "pod-template-hash";

    private static readonly ResourceType<RawObject> s_endpoints =
        RawObject.Resource("", "v1", "Endpoints", "endpoints", namespaced: true);

    private static readonly ResourceType<RawObject> s_pods = RawObject.Resource("", "v1", "Pod", "pods", namespaced: true);

    /// <summary>True where nobody can tell: outside of a cluster, and without <c>POD_NAME</c>.</summary>
    /// <exception cref="KubernetesException">They cannot be read.</exception>
    public async Task<bool> AreOfThisVersionAsync(CancellationToken cancellation)
    {
        if (options is not { Webhooks: WebhookEndpoint.InCluster service, Pod: { } own })
        {
            return true;
        }

        string? hash = await HashAsync(own.Name, cancellation);
        RawObject? endpoints = await client.FindAsync(s_endpoints, service.Namespace, service.Name, cancellation);
        foreach (string pod in Pods(endpoints))
        {
            if (pod != own.Name && await HashAsync(pod, cancellation) != hash)
            {
                return false;
            }
        }

        return true;
    }

    private async Task<string?> HashAsync(string pod, CancellationToken cancellation) =>
        (await client.FindAsync(s_pods, options.Namespace, pod, cancellation))?.Metadata.Labels.Find(HashLabel);

    private static IEnumerable<string> Pods(RawObject? endpoints) =>
        from subset in Items(endpoints?.Content.Member("subsets") ?? default)
        from address in Items(subset.Member("addresses")).Concat(Items(subset.Member("notReadyAddresses")))
        let name = address.Member("targetRef").Text("name")
        where name is not null
        select name;

    private static IEnumerable<JsonElement> Items(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];
}
