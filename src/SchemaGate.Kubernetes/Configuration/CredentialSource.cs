using System.Net.Http.Headers;
using k8s.Authentication;

namespace SchemaGate.Kubernetes.Configuration;

/// <summary>
/// Where credentials come from, and come from again when they have expired or were refused: the package's own providers look at a token's
/// file once a minute and at nothing after a refusal.
/// </summary>
internal abstract class CredentialSource : ITokenProvider, IDisposable
{
    private protected CredentialSource()
    {
    }

    public static CredentialSource Of(KubernetesConfiguration configuration, TimeProvider time) => configuration switch
    {
        { Exec: { } plugin } => new ExecCredentials(plugin, time),
        { TokenFile: { } file } => new TokenFileCredentials(file, Certificate(configuration), time),
        _ => new FixedCredentials(new(configuration.Token, "the kubeconfig's token", Certificate(configuration))),
    };

    /// <param name="refused">What the server has just refused, so that it is not taken from memory again; else null.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The refused one again where there is no other.</returns>
    public abstract ValueTask<Credential> GetAsync(Credential? refused, CancellationToken cancellation);

    /// <summary>What the package puts into each request; null where a certificate says who asks, or nothing does.</summary>
    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) =>
        (await GetAsync(null, cancellationToken)).Token is { } token ? new("Bearer", token) : null!;

    public abstract void Dispose();

    private static ClientCertificate? Certificate(KubernetesConfiguration configuration) =>
        configuration.ClientCertificate is { } leaf ? new(leaf, configuration.ClientCertificateChain) : null;
}

internal sealed class FixedCredentials(Credential credential) : CredentialSource
{
    public override ValueTask<Credential> GetAsync(Credential? refused, CancellationToken cancellation) => new(credential);

    public override void Dispose()
    {
    }
}

/// <summary>A token that others rotate, as the kubelet does a service account's.</summary>
internal sealed class TokenFileCredentials(string path, ClientCertificate? certificate, TimeProvider time) : CredentialSource
{
    private const int MaxBytes = 64 << 10;

    private readonly RotatedFile file = new(path, MaxBytes, time);

    public override ValueTask<Credential> GetAsync(Credential? refused, CancellationToken cancellation) =>
        new(new Credential(file.Text(now: refused is not null), path, certificate));

    public override void Dispose()
    {
    }
}
