using System.Text.Json;
using SchemaGate.EndToEnd.Kubernetes;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.EndToEnd.Support;

/// <summary>What tests look at again and again, without a kubectl for each look: that costs a core a tenth of a second.</summary>
internal static class ClusterReads
{
    private static readonly ResourceType<RawObject> Gates = Type("schemagate.dev", "v1alpha1", "SchemaGate", "schemagates");
    private static readonly ResourceType<RawObject> Deployments = Type("apps", "v1", "Deployment", "deployments");
    private static readonly ResourceType<RawObject> Pods = Type("", "v1", "Pod", "pods");
    private static readonly ResourceType<RawObject> Jobs = Type("batch", "v1", "Job", "jobs");
    private static readonly Lazy<KubernetesClient> Client = new(() => new(ScratchNamespace.Configuration(), "schemagate-tests"));

    public static Task<JsonElement> GateAsync(string ns) => GetAsync(Gates, ns);

    public static Task<JsonElement> DeploymentAsync(string ns) => GetAsync(Deployments, ns);

    public static async Task<IEnumerable<JsonElement>> PodsAsync(string ns) =>
        (await Client.Value.ListAsync(Pods, ns, new() { LabelSelector = "app=shop" })).Items.Select(pod => pod.Content);

    public static async Task<IEnumerable<JsonElement>> JobsAsync(string ns) =>
        (await Client.Value.ListAsync(Jobs, ns)).Items.Select(job => job.Content);

    private static async Task<JsonElement> GetAsync(ResourceType<RawObject> type, string ns) =>
        (await Client.Value.GetAsync(type, ns, "shop")).Content;

    private static ResourceType<RawObject> Type(string group, string version, string kind, string plural) =>
        RawObject.Resource(group, version, kind, plural, namespaced: true);
}
