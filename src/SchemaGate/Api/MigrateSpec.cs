using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SchemaGate.Core.Gates.Running;

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

    /// <summary>All that a run is made with, as a hash; a default is the same whether it is written or not.</summary>
    public string Fingerprint(RunSettings read)
    {
        string rest = JsonSerializer.Serialize(
            this with { Mode = null, LockTimeout = null, StatementTimeout = null, Deadline = null, Retries = null },
            ApiJson.Default.MigrateSpec);
        return Convert.ToHexStringLower(SHA256.HashData(
            Encoding.UTF8.GetBytes($"{read.LockTimeout} {read.StatementTimeout} {read.Deadline} {read.Retries} {rest}")))[..16];
    }
}
