using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SchemaGate.Kubernetes.Discovery;
using SchemaGate.Kubernetes.Http;

namespace SchemaGate.Kubernetes.Resources;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = MaxDepth)]
[JsonSerializable(typeof(ResourceList<Deployment>))]
[JsonSerializable(typeof(ResourceList<ReplicaSet>))]
[JsonSerializable(typeof(ResourceList<Secret>))]
[JsonSerializable(typeof(ResourceList<Job>))]
[JsonSerializable(typeof(ResourceList<Pod>))]
[JsonSerializable(typeof(ResourceList<KubernetesEvent>))]
[JsonSerializable(typeof(ResourceList<Lease>))]
[JsonSerializable(typeof(ResourceList<TokenReview>))]
[JsonSerializable(typeof(ResourceList<SubjectAccessReview>))]
[JsonSerializable(typeof(ResourceList<RawObject>))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(Status))]
[JsonSerializable(typeof(WatchLine))]
[JsonSerializable(typeof(BookmarkObject))]
[JsonSerializable(typeof(ServerVersion))]
[JsonSerializable(typeof(CoreVersions))]
[JsonSerializable(typeof(GroupList))]
[JsonSerializable(typeof(GroupResources))]
internal sealed partial class ResourceJson : JsonSerializerContext
{
    /// <summary>Schemas in custom resource definitions nest deeper than the default of 64.</summary>
    internal const int MaxDepth = 256;
}
