using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>The pod that this process runs in.</summary>
internal static class OwnPod
{
    /// <summary>As <c>config/operator</c> names it.</summary>
    private const string Container = "operator";

    /// <summary>The image that this process runs from, as its own pod names it; null outside of a cluster.</summary>
    public static async Task<string?> ImageAsync(KubernetesClient client, ObjectKey? pod, CancellationToken cancellation)
    {
        ResourceType<RawObject> type = RawObject.Resource("", "v1", "Pod", "pods", namespaced: true);
        return pod is { } own && await client.FindAsync(type, own.Namespace, own.Name, cancellation) is { Content: var content }
            ? ImageIn(content)
            : null;
    }

    /// <summary>A mesh puts containers of its own beside the operator's, and before it. Null where nobody can tell which it is.</summary>
    public static string? ImageIn(JsonElement pod)
    {
        List<JsonElement> containers = pod.Member("spec").Member("containers") is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray()]
            : [];
        JsonElement own = containers.Find(container => container.Text("name") == Container);
        return own.Text("image") ?? (containers is [{ } only] ? only.Text("image") : null);
    }
}
