using System.Text.Json.Serialization;

namespace SchemaGate.Api;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SchemaGateResource))]
[JsonSerializable(typeof(MigrateSpec))]
[JsonSerializable(typeof(IReadOnlyList<AskedStatus>))]
internal sealed partial class ApiJson : JsonSerializerContext;
