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
/// <param name="webhooks">Tells when somebody has changed the webhooks.</param>
/// <param name="unasked">Told when that was so.</param>
internal sealed partial class Housekeeping(Replica replica, ClusterView view, WebhookWatch webhooks, UnaskedTimes unasked)
{
    /// <summary>How often the Secret and the configurations are looked at while nothing is wrong.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan SettlingInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);
    private static readonly Backoff Retries = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    private readonly TaskCompletionSource settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebhookRegistration registration = new(replica.Client, replica.Options.Webhooks, replica.HasPodGates);
    private readonly CertificateSource certificates = new(replica);
    private readonly ServedReplicas replicas = new(replica.Client, replica.Options);
    private readonly ILogger logger = replica.Log;
    private readonly MendPace pace = new();
    private int seen;
    private int registered;
    private DateTimeOffset? asked;
    private DateTimeOffset? alikeSince;
    private AdmissionPaths paths = AdmissionPaths.None;
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
                pause = await StepAsync(leading);
                failures = 0;
            }
            catch (KubernetesException exception)
            {
                pause = Retries.Delay(failures++, Random.Shared.NextDouble());
                LogFailed(exception.Message.TrimEnd('.'));
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
        if (registered != webhooks.Version)
        {
            return true;
        }

        if (seen == view.Sets.Version)
        {
            return false;
        }

        seen = view.Sets.Version;
        return !Unasked().SequenceEqual(told, StringComparer.Ordinal);
    }

    private IReadOnlyList<string> Unasked() => view.Sets.Unasked(view.View);

    /// <returns>When to look again, if nothing happens.</returns>
    private async Task<TimeSpan> StepAsync(CancellationToken cancellation)
    {
        (OperatorOptions options, KubernetesClient client, SealKey key, _, TimeProvider time) = replica;
        registered = webhooks.Version;
        await key.RestoreAsync(client, options.Namespace, cancellation);
        V1Secret? secret = await client.FindAsync(Kinds.Secret, options.Namespace, CertificateSet.SecretName, cancellation);
        CertificateSet stored = CertificateSet.Read(secret);
        unasked.Follow(stored.Unasked);
        IReadOnlyList<RawObject?> present = await registration.ReadAsync(cancellation);
        if (registration.Occupied(present) is { } occupied)
        {
            webhooks.Unmended = occupied;
            throw new KubernetesException(StatusReason.InvalidConfiguration, occupied);
        }

        DateTimeOffset now = time.GetUtcNow();
        CertificatePlan plan = await certificates.NextAsync(stored, WebhookRegistration.Trusted(present), now, cancellation);
        CertificateSet wanted = plan is CertificatePlan.Store store ? store.Set : stored;
        paths = stored.Paths.Next(WebhookRegistration.Secrets(present), now);
        wanted = wanted with { Paths = paths };
        if (plan is CertificatePlan.Store || !ReferenceEquals(wanted.Paths, stored.Paths))
        {
            await StoreAsync(secret, stored, wanted, cancellation);
            return SettlingInterval;
        }

        await RegisterAsync(present, (secret, stored), now, plan is CertificatePlan.Trust, cancellation);
        bool isSettled = plan is CertificatePlan.Wait && stored.Authorities.Count == certificates.Authorities && stored.Serving is not null;
        if (isSettled)
        {
            settled.TrySetResult();
        }

        return isSettled && stored.Paths.Known is [{ RegisteredAt: not null }, ..] ? Interval : SettlingInterval;
    }

    private async Task StoreAsync(V1Secret? present, CertificateSet stored, CertificateSet wanted, CancellationToken cancellation)
    {
        V1Secret made = wanted.ToSecret(replica.Options.Namespace, present?.Metadata.ResourceVersion);
        await (present is null
            ? replica.Client.CreateAsync(Kinds.Secret, made, cancellation)
            : replica.Client.ReplaceAsync(Kinds.Secret, made with { Type = present.Type }, null, cancellation));
        if (Describe(stored, wanted) is { } change)
        {
            LogCertificate(change);
        }
    }

    private async Task RegisterAsync(
        IReadOnlyList<RawObject?> present, (V1Secret? Secret, CertificateSet Set) kept, DateTimeOffset now, bool isNew,
        CancellationToken cancellation)
    {
        CertificateSet stored = kept.Set;
        // Of a namespace that may not be seen any more, what ran goes on being made.
        IReadOnlyList<string> hashes = view.Refused(null) is null ? Unasked()
            : [.. Unasked().Union(WebhookRegistration.Unasked(present), StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        bool isTold = hashes.SequenceEqual(told, StringComparer.Ordinal);
        string path = await PathAsync(present, now, cancellation);
        bool isRenewed = WebhookRegistration.Secrets(present) is not [{ } earlier] || earlier != path;
        IReadOnlyList<string> differences = registration.Differences(present, stored.Bundle, path, hashes);
        if (!isNew && differences.Count == 0)
        {
            webhooks.Unmended = null;
            (asked, told) = (now, hashes);
            return;
        }

        bool isMissing = present.Contains(null);
        bool isChanged = isMissing || (!isNew && isTold && !isRenewed);
        if (isMissing || (!isNew && registration.IsAskingLess(present, stored.Bundle, [hashes, told])))
        {
            await NoteAsync(kept, now, cancellation);
        }

        string what = string.Join(", ", differences);
        if (isChanged && !isMissing && pace.Holds(what, now))
        {
            return;
        }

        await ApplyAsync(stored.Bundle, path, hashes, cancellation);
        (asked, told) = (now, hashes);
        if (isNew)
        {
            LogRegistered(stored.Authorities.Count);
        }
        else if (isChanged)
        {
            LogMended();
            if (pace.Mended(what, now))
            {
                LogAgain(what, pace.Pause.TotalMinutes);
            }
        }
    }

    /// <summary>Before they are put back: else whoever leads next would not know that nobody was asked.</summary>
    private async Task NoteAsync((V1Secret? Secret, CertificateSet Set) kept, DateTimeOffset now, CancellationToken cancellation)
    {
        if ((asked ?? webhooks.MissingSince) is not { } since)
        {
            return;
        }

        bool isKnown = unasked.Cover(now.UtcDateTime);
        CertificateSet noted = kept.Set with { Unasked = UnaskedTimes.With(kept.Set.Unasked, since, now + CertificatePlan.Propagation) };
        await StoreAsync(kept.Secret, kept.Set, noted, cancellation);
        unasked.Follow(noted.Unasked);
        if (!isKnown)
        {
            LogUnasked(since);
        }
    }

    private async Task ApplyAsync(string bundle, string path, IReadOnlyList<string> hashes, CancellationToken cancellation)
    {
        try
        {
            await registration.ApplyAsync(bundle, path, hashes, cancellation);
            webhooks.Unmended = null;
        }
        catch (KubernetesException exception)
        {
            webhooks.Unmended = exception.Message;
            throw;
        }
    }

    /// <summary>
    /// The newest that every replica knows. Paths without a secret were registered by a version that knows no others, or are to be where
    /// its manifests were replaced: its replicas may still be asked.
    /// </summary>
    private async Task<string> PathAsync(IReadOnlyList<RawObject?> present, DateTimeOffset now, CancellationToken cancellation)
    {
        IReadOnlyList<string> earlier = WebhookRegistration.Asked(present);
        bool isPlain = earlier.Contains("", StringComparer.Ordinal);
        if ((earlier.Count == 0 || (!isPlain && earlier.All(AdmissionPaths.IsSecret)) || await AreOfThisVersionAsync(now, cancellation))
            && (!isPlain || now - paths.Known[0].MadeAt >= CertificatePlan.Propagation))
        {
            return paths.ToRegister(now) ?? "";
        }

        return "";
    }

    /// <summary>Endpoints follow the pods: one look may miss a replica that answers in a moment, so it is to be so for a while.</summary>
    private async Task<bool> AreOfThisVersionAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            alikeSince = await replicas.AreOfThisVersionAsync(cancellation) ? alikeSince ?? now : null;
            return now - alikeSince >= CertificatePlan.Propagation;
        }
        catch (KubernetesException exception) when (exception.Reason == StatusReason.Forbidden)
        {
            LogPlain(exception.Message);
            return false;
        }
    }

    /// <summary>Null for what is not worth a line: a path that is renewed, and what was noted about the rest.</summary>
    private static string? Describe(CertificateSet before, CertificateSet after)
    {
        if (before.Authority != after.Authority)
        {
            return after.Authority is null ? "somebody else makes it from now on" : "made a new authority";
        }

        if (before.Serving != after.Serving)
        {
            return $"a new certificate, which ends at {after.Serving!.EndsAt:yyyy-MM-dd}";
        }

        return before.Authorities.Count > after.Authorities.Count ? "earlier authorities are trusted no more" : null;
    }

    [LoggerMessage(1300, LogLevel.Information, "webhook certificate: {Change}")]
    private partial void LogCertificate(string change);

    [LoggerMessage(1301, LogLevel.Information, "webhooks registered, trusting {Count} authorities")]
    private partial void LogRegistered(int count);

    [LoggerMessage(1302, LogLevel.Information, "webhooks registered anew: they had been changed")]
    private partial void LogMended();

    [LoggerMessage(1306, LogLevel.Warning, "somebody changes the webhooks as often as they are mended ({Differences}): from now on that "
        + "is done after {Minutes} minutes, and longer. Let whoever does it except the configurations schemagate")]
    private partial void LogAgain(string differences, double minutes);

    [LoggerMessage(1304, LogLevel.Warning, "the webhooks were deleted or changed after {Since:u}: gated revisions that were made since "
        + "then and run are reported, and not taken for released; nobody knows of Jobs and pods of their own")]
    private partial void LogUnasked(DateTimeOffset since);

    [LoggerMessage(1305, LogLevel.Warning, "the webhooks are registered without a secret path, so that any pod is answered: {Message} "
        + "Apply config/rbac of this version")]
    private partial void LogPlain(string message);

    [LoggerMessage(1303, LogLevel.Warning, "housekeeping: {Message}. It is tried again.")]
    private partial void LogFailed(string message);
}
