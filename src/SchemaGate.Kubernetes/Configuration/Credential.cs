using System.Security.Cryptography.X509Certificates;

namespace SchemaGate.Kubernetes.Configuration;

/// <summary>Who asks, for one request. Not a record: printing one would print the token.</summary>
internal sealed class Credential
{
    /// <param name="token">A bearer token; empty is none.</param>
    /// <param name="source">What the token comes from, for the refusal's words.</param>
    /// <param name="certificate">The client's.</param>
    /// <exception cref="KubernetesException">InvalidConfiguration: the token cannot be sent. It is not quoted.</exception>
    public Credential(string? token, string source, ClientCertificate? certificate = null)
    {
        Token = token?.Trim() is { Length: > 0 } given ? given : null;
        Certificate = certificate;
        if (Token?.Any(sign => sign is < '!' or > '~') == true)
        {
            throw YamlFile.Invalid($"{source} holds characters that no token has");
        }
    }

    public static Credential None { get; } = new(null, "");

    public string? Token { get; }

    public ClientCertificate? Certificate { get; }

    public bool IsSameAs(Credential other) => Token == other.Token
        && Certificate?.Leaf.Thumbprint == other.Certificate?.Leaf.Thumbprint;
}

/// <summary>A certificate with its private key, and what links it to its authority.</summary>
internal sealed record ClientCertificate(X509Certificate2 Leaf, X509Certificate2Collection Chain);
