using System.Text.Json;

namespace SchemaGate.Api;

/// <summary>How the resource says that its migrations are applied.</summary>
internal sealed record MigrateSpec
{
    public string? Mode { get; init; }

    public SecretKeySelector? UrlFrom { get; init; }

    public string? LockTimeout { get; init; }

    public string? StatementTimeout { get; init; }

    public string? Deadline { get; init; }

    public int? Retries { get; init; }

    public string? ServiceAccountName { get; init; }

    public IReadOnlyList<SecretReference>? ImagePullSecrets { get; init; }

    /// <summary>A container's ResourceRequirements, untouched.</summary>
    public JsonElement? Resources { get; init; }

    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    /// <summary>A pod's tolerations, untouched.</summary>
    public IReadOnlyList<JsonElement>? Tolerations { get; init; }

    /// <summary>A PodTemplateSpec, untouched.</summary>
    public JsonElement? Template { get; init; }

    /// <summary>What decides who runs and as whom, as canonical text: an approved plan is approved for that.</summary>
    public string Runner() => JsonSerializer.Serialize(
        new MigrateSpec { UrlFrom = UrlFrom, ServiceAccountName = ServiceAccountName, Template = Template }, ApiJson.Default.MigrateSpec);
}
