using System.Text.Json.Serialization;

namespace SchemaGate.Kubernetes.Admission;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    MaxDepth = MostLevels)]
[JsonSerializable(typeof(AdmissionReview))]
internal sealed partial class AdmissionJson : JsonSerializerContext
{
    /// <summary>
    /// The API server reads 10,000 levels: whatever it asks about is refused in words, and not because nobody can hear it.
    /// </summary>
    private const int MostLevels = 10_100;
}
