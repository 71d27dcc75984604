using System.Text.Json.Serialization;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Api;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SchemaGateResource))]
[JsonSerializable(typeof(MigrateSpec))]
[JsonSerializable(typeof(ResourceList<SchemaGateResource>))]
internal sealed partial class ApiJson : JsonSerializerContext;
