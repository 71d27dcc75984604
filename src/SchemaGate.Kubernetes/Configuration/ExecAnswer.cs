using System.Text.Json;
using System.Text.Json.Serialization;

namespace SchemaGate.Kubernetes.Configuration;

/// <summary>What a plugin has answered. Not a record: printing one would print the token.</summary>
internal sealed class ExecAnswer
{
    private ExecAnswer(Credential credential, DateTimeOffset expires)
    {
        Credential = credential;
        Expires = expires;
    }

    public Credential Credential { get; }

    /// <summary>The end of time where the plugin names none.</summary>
    public DateTimeOffset Expires { get; }

    /// <summary>Reads an ExecCredential. What is wrong with it is said without quoting any of it.</summary>
    /// <exception cref="KubernetesException">CredentialPluginFailed.</exception>
    public static ExecAnswer Read(ExecPlugin plugin, byte[] output, DateTimeOffset now)
    {
        var answer = Parse(plugin, output);
        if (answer.Kind != "ExecCredential" || answer.ApiVersion != plugin.ApiVersion)
        {
            throw plugin.Failed($"did not answer with an ExecCredential of {plugin.ApiVersion}");
        }

        var expires = answer.Status?.ExpirationTimestamp ?? DateTimeOffset.MaxValue;
        if (expires <= now)
        {
            throw plugin.Failed($"answered with a credential that expired at {expires.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}; log in again");
        }

        return answer.Status switch
        {
            { Token: not (null or ""), ClientCertificateData: null or "" }
                or { ClientCertificateData: not (null or ""), ClientKeyData: not (null or "") } =>
                new(CredentialOf(plugin, answer.Status), expires),
            _ => throw plugin.Failed("answered with neither a token nor a client certificate with its key"),
        };
    }

    private static Credential CredentialOf(ExecPlugin plugin, ExecCredentialStatus status)
    {
        try
        {
            var certificate = status is { ClientCertificateData: { Length: > 0 } pem, ClientKeyData: { } key }
                ? Pem.ClientCertificate(pem, key, "its clientCertificateData", "its clientKeyData")
                : null;
            return new(status.Token, "its token", certificate);
        }
        catch (KubernetesException e)
        {
            throw plugin.Failed($"answered with what cannot be used: {e.Message}");
        }
    }

    private static ExecCredential Parse(ExecPlugin plugin, byte[] output)
    {
        try
        {
            return JsonSerializer.Deserialize(output, ExecJson.Default.ExecCredential) ?? throw plugin.Failed("answered null");
        }
        catch (JsonException)
        {
            // The parser's own sentence, and the exception that holds it, may quote the output.
            throw plugin.Failed("did not answer in the JSON of an ExecCredential");
        }
    }
}

internal sealed class ExecCredential
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public ExecCredentialStatus? Status { get; init; }
}

internal sealed class ExecCredentialStatus
{
    public DateTimeOffset? ExpirationTimestamp { get; init; }

    public string? Token { get; init; }

    /// <summary>PEM, not base64.</summary>
    public string? ClientCertificateData { get; init; }

    /// <summary>PEM, not base64.</summary>
    public string? ClientKeyData { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ExecCredential))]
internal sealed partial class ExecJson : JsonSerializerContext;
