using System.Security.Cryptography.X509Certificates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Configuration;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>Who the operator is to the API server, so that its own writes are known in admission.</summary>
internal static class OperatorUser
{
    /// <summary>
    /// A client certificate's common name is the user (Kubernetes, "X.509 client certificates"); a token's user the server tells.
    /// SelfSubjectReview would tell both, from 1.28 on.
    /// </summary>
    /// <exception cref="KubernetesException">The user cannot be found out.</exception>
    public static async Task<string> FindAsync(KubernetesConfiguration configuration, KubernetesClient client, CancellationToken cancellation)
    {
        if (configuration.ClientCertificate is { } certificate)
        {
            return certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        }

        string? token = configuration.TokenFile is { } file ? (await File.ReadAllTextAsync(file, cancellation)).Trim() : configuration.Token;
        TokenReview review = await client.CreateAsync(TokenReview.Resource, new() { Spec = new() { Token = token } }, cancellation);
        return review.Status?.User?.Username is { Length: > 0 } name ? name : throw new KubernetesException(
            StatusReason.InvalidConfiguration, "the API server does not know the operator's own token; mend the kubeconfig's user");
    }
}
