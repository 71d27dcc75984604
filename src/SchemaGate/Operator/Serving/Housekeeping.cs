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
/// <param name="replica">The leader.</param>
/// <param name="view">Tells which pods are made with nobody there to ask.</param>
internal sealed partial class Housekeeping(Replica replica, ClusterView view)
{
    /// <summary>How often the Secret and the configurations are looked at while nothing is wrong.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan SettlingInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);
    private static readonly Backoff Retries = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    private readonly TaskCompletionSource settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebhookRegistration registration = new(replica.Client, replica.Options.Webhooks, replica.HasPodGates);
    private readonly ILogger logger = replica.Log;
    private int seen;
    private IReadOnlyList<string> told = [];

    /// <summary>
    /// Whether the API server asks about everything that is held, waited for a while: what was paused by a version that knew no refusal of
    /// births must not be resumed before.
    /// </summary>
    public Task WaitAsync(CancellationToken leading) => Task.WhenAny(settled.Task, Task.Delay(Settling, replica.Time, leading));

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken leading)
    {
        int failures = 0;
        while (!leading.IsCancellationRequested)
        {
            TimeSpan pause;
            try
            {
                bool isSettled = await StepAsync(leading);
                pause = isSettled ? Interval : SettlingInterval;
                failures = 0;
                if (isSettled)
                {
                    settled.TrySetResult();
                }
            }
            catch (KubernetesException exception)
            {
                pause = Retries.Delay(failures++, Random.Shared.NextDouble());
                LogFailed(exception.Message);
            }
            catch (OperationCanceledException) when (leading.IsCancellationRequested)
            {
                return;
            }

            await PauseAsync(pause, leading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Until it is time, or a revision came or went whose pods are to be asked about, or no more.</summary>
    private async Task PauseAsync(TimeSpan pause, CancellationToken leading)
    {
        long began = replica.Time.GetTimestamp();
        do
        {
            await Task.Delay(pause < SettlingInterval ? pause : SettlingInterval, replica.Time, leading);
        }
        while (!IsOutdated() && replica.Time.GetElapsedTime(began) < pause);
    }

    private bool IsOutdated()
    {
        if (seen == view.Sets.Version)
        {
            return false;
        }

        seen = view.Sets.Version;
        return !Unasked().SequenceEqual(told, StringComparer.Ordinal);
    }

    private IReadOnlyList<string> Unasked() => view.Sets.Unasked(view.View);

    /// <returns>Whether nothing is left to be done for now.</returns>
    private async Task<bool> StepAsync(CancellationToken cancellation)
    {
        (OperatorOptions options, KubernetesClient client, SealKey key, _, TimeProvider time) = replica;
        IReadOnlyList<string> unasked = Unasked();
        bool isTold = unasked.SequenceEqual(told, StringComparer.Ordinal);
        told = unasked;
        await key.RestoreAsync(client, options.Namespace, cancellation);
        V1Secret? secret = await client.FindAsync(Kinds.Secret, options.Namespace, CertificateSet.SecretName, cancellation);
        CertificateSet stored = CertificateSet.Read(secret);
        IReadOnlyList<RawObject?> registered = await registration.ReadAsync(cancellation);
        switch (CertificatePlan.Next(stored, WebhookRegistration.Trusted(registered), options.Webhooks.Names, time.GetUtcNow()))
        {
            case CertificatePlan.Store store:
                V1Secret made = store.Set.ToSecret(options.Namespace, secret?.Metadata.ResourceVersion);
                await (secret is null
                    ? client.CreateAsync(Kinds.Secret, made, cancellation)
                    : client.ReplaceAsync(Kinds.Secret, made with { Type = secret.Type }, null, cancellation));
                LogCertificate(Describe(stored, store.Set));
                return false;
            case CertificatePlan.Trust:
                await registration.ApplyAsync(stored.Bundle, unasked, cancellation);
                LogRegistered(stored.Authorities.Count);
                return false;
            default:
                if (!registration.IsCurrent(registered, stored.Bundle, unasked))
                {
                    await registration.ApplyAsync(stored.Bundle, unasked, cancellation);
                    if (isTold)
                    {
                        LogMended();
                    }
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

    [LoggerMessage(1300, LogLevel.Information, "webhook certificate: {Change}")]
    private partial void LogCertificate(string change);

    [LoggerMessage(1301, LogLevel.Information, "webhooks registered, trusting {Count} authorities")]
    private partial void LogRegistered(int count);

    [LoggerMessage(1302, LogLevel.Information, "webhooks registered anew: they had been changed")]
    private partial void LogMended();

    [LoggerMessage(1303, LogLevel.Warning, "housekeeping: {Message} It is tried again.")]
    private partial void LogFailed(string message);
}
