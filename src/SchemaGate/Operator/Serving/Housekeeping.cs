using Microsoft.Extensions.Logging;
using k8s.Models;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Controllers;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator.Serving;

/// <summary>
/// The leader's care for what the operator itself needs: the record key, the certificates, the webhooks' registration. It makes them,
/// renews them, and mends them where somebody took them away. Every step can be repeated, and begun by one leader and ended by the next.
/// </summary>
/// <param name="client">The API server; it refuses writes once this process leads no more.</param>
/// <param name="registration">The webhooks.</param>
/// <param name="key">The record key.</param>
/// <param name="ns">Where the Secrets are.</param>
/// <param name="names">What the certificate must be for.</param>
/// <param name="logger">Told what was done.</param>
/// <param name="time">The time.</param>
internal sealed class Housekeeping(
    KubernetesClient client, WebhookRegistration registration, SealKey key, string ns, ServingNames names, ILogger logger,
    TimeProvider time)
{
    /// <summary>How often the Secret and the configurations are looked at while nothing is wrong.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan SettlingInterval = TimeSpan.FromSeconds(1);
    private static readonly Backoff Retries = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken leading)
    {
        int failures = 0;
        while (!leading.IsCancellationRequested)
        {
            TimeSpan pause;
            try
            {
                pause = await StepAsync(leading) ? Interval : SettlingInterval;
                failures = 0;
            }
            catch (KubernetesException exception)
            {
                pause = Retries.Delay(failures++, Random.Shared.NextDouble());
                logger.LogWarning("housekeeping: {Message} It is tried again.", exception.Message);
            }
            catch (OperationCanceledException) when (leading.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(pause, time, leading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Whether nothing is left to be done for now.</returns>
    private async Task<bool> StepAsync(CancellationToken cancellation)
    {
        await key.RestoreAsync(client, ns, cancellation);
        V1Secret? secret = await client.FindAsync(Kinds.Secret, ns, CertificateSet.SecretName, cancellation);
        CertificateSet stored = CertificateSet.Read(secret);
        IReadOnlyList<RawObject?> registered = await registration.ReadAsync(cancellation);
        switch (CertificatePlan.Next(stored, WebhookRegistration.Trusted(registered), names, time.GetUtcNow()))
        {
            case CertificatePlan.Store store:
                V1Secret made = store.Set.ToSecret(ns, secret?.Metadata.ResourceVersion);
                await (secret is null
                    ? client.CreateAsync(Kinds.Secret, made, cancellation)
                    : client.ReplaceAsync(Kinds.Secret, made with { Type = secret.Type }, null, cancellation));
                logger.LogInformation("webhook certificate: {Change}", Describe(stored, store.Set));
                return false;
            case CertificatePlan.Trust:
                await registration.ApplyAsync(stored.Bundle, cancellation);
                logger.LogInformation("webhooks registered, trusting {Count} authorities", stored.Authorities.Count);
                return false;
            default:
                if (!registration.IsCurrent(registered, stored.Bundle))
                {
                    await registration.ApplyAsync(stored.Bundle, cancellation);
                    logger.LogInformation("webhooks registered anew: they had been changed");
                }

                return stored.Authorities.Count == 1 && stored.Serving is not null;
        }
    }

    private static string Describe(CertificateSet before, CertificateSet after)
    {
        if (before.Authority != after.Authority)
        {
            return "made a new authority";
        }

        return before.Serving != after.Serving
            ? $"made a new certificate, which ends at {after.Serving!.EndsAt:yyyy-MM-dd}"
            : "earlier authorities are trusted no more";
    }
}
