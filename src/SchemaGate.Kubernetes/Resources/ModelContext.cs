using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>
/// The package's models that are read and written here. Its own context holds all of its seven hundred, of which a native binary could
/// leave none out: 16 of 50 MB.
/// </summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, MaxDepth = ModelJson.MaxDepth,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [
        typeof(KubernetesJson.Iso8601TimeSpanConverter), typeof(KubernetesJson.KubernetesDateTimeConverter),
        typeof(KubernetesJson.KubernetesDateTimeOffsetConverter),
    ])]
[JsonSerializable(typeof(Eventsv1Event))]
[JsonSerializable(typeof(V1APIGroupList))]
[JsonSerializable(typeof(V1APIResourceList))]
[JsonSerializable(typeof(V1APIVersions))]
[JsonSerializable(typeof(V1JobStatus))]
[JsonSerializable(typeof(V1LabelSelector))]
[JsonSerializable(typeof(V1Lease))]
[JsonSerializable(typeof(V1ListMeta))]
[JsonSerializable(typeof(V1ObjectMeta))]
[JsonSerializable(typeof(V1PodStatus))]
[JsonSerializable(typeof(V1Secret))]
[JsonSerializable(typeof(V1Status))]
[JsonSerializable(typeof(V1SubjectAccessReview))]
[JsonSerializable(typeof(V1TokenReview))]
[JsonSerializable(typeof(VersionInfo))]
public sealed partial class ModelContext : JsonSerializerContext;
