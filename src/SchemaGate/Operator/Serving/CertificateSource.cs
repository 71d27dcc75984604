using Microsoft.Extensions.Logging;
using k8s.Models;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator.Serving;

/// <summary>What is to be done about the certificate, whoever makes it: the operator, or somebody else in a Secret.</summary>
/// <param name="replica">The leader.</param>
internal sealed partial class CertificateSource(Replica replica)
{
    private readonly ILogger logger = replica.Log;

    /// <summary>How many authorities are trusted when all is done.</summary>
    public int Authorities { get; private set; } = 1;

    /// <param name="stored">What the operator's own Secret holds.</param>
    /// <param name="trusted">What the API server was told to trust.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Ends the request.</param>
    /// <exception cref="KubernetesException">Nothing is served yet, and what somebody else has made cannot be used.</exception>
    public async Task<CertificatePlan> NextAsync(
        CertificateSet stored, IReadOnlyList<string> trusted, DateTimeOffset now, CancellationToken cancellation)
    {
        OperatorOptions options = replica.Options;
        if (options.CertificateSecret is not { } name)
        {
            return CertificatePlan.Next(stored, trusted, options.Webhooks.Names, now);
        }

        (ProvidedCertificate? provided, string problem) = await ReadAsync(name, now, cancellation);
        if (provided is not null)
        {
            Authorities = provided.Authorities.Count;
            return provided.Next(stored, trusted, now);
        }

        if (stored.Serving is null)
        {
            throw new KubernetesException(StatusReason.InvalidConfiguration, problem);
        }

        // What is served goes on being served, and trusted.
        LogNotProvided(problem.TrimEnd('.'));
        if (stored.Authority is not null)
        {
            // It is the operator's own, which nobody else renews.
            Authorities = 1;
            return CertificatePlan.Next(stored, trusted, options.Webhooks.Names, now);
        }

        Authorities = stored.Authorities.Count;
        return trusted.SequenceEqual(stored.Authorities, StringComparer.Ordinal) ? new CertificatePlan.Wait() : new CertificatePlan.Trust();
    }

    private async Task<(ProvidedCertificate? Certificate, string Problem)> ReadAsync(
        string name, DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            V1Secret? secret = await replica.Client.FindAsync(Kinds.Secret, replica.Options.Namespace, name, cancellation);
            return ProvidedCertificate.Read(name, secret, replica.Options.Webhooks.Names, now);
        }
        catch (KubernetesException exception) when (exception.Reason == StatusReason.Forbidden)
        {
            return (null, exception.Message);
        }
    }

    [LoggerMessage(1600, LogLevel.Warning, "webhook certificate: {Problem}. What is served goes on being served.")]
    private partial void LogNotProvided(string problem);
}
