using System.Text.Json.Serialization;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Api;

[JsonSourceGenerationOptions(
    MaxDepth = ModelJson.MaxDepth,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SchemaGateResource))]
[JsonSerializable(typeof(MigrateSpec))]
[JsonSerializable(typeof(IReadOnlyList<AskedStatus>))]
internal sealed partial class ApiJson : JsonSerializerContext;
