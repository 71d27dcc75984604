using System.Collections.Concurrent;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Notifying;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Notifying;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator.Notifying;

/// <summary>
/// Tells gates' receivers what they are owed, beside the looks at the gates, which wait for none of it. What is owed stands in status
/// before it is sent, and what came of it is written there at the gate's next look: who dies in between has it sent again, the same.
/// </summary>
/// <param name="secrets">Read for each attempt.</param>
/// <param name="sender">Sends.</param>
/// <param name="key">Tells one receiver from another.</param>
/// <param name="ended">Told each gate of which an attempt has ended.</param>
/// <param name="time">When an attempt ended.</param>
/// <param name="stopping">Ends every attempt.</param>
internal sealed class Notifier(
    SecretWatch secrets, WebhookSender sender, SealKey key, Action<ObjectKey> ended, TimeProvider time, CancellationToken stopping)
{
    private const int MostAtOnce = 16;
    private const int MostOfOneNamespace = 4;

    private static readonly SemaphoreSlim Places = new(MostAtOnce);

    private readonly ConcurrentDictionary<ObjectKey, NotifyAttempt?> attempts = new();
    private readonly ConcurrentDictionary<string, SemaphoreSlim> shares = new(StringComparer.Ordinal);

    /// <summary>The gate as it is now; null where it is gone.</summary>
    public required Func<ObjectKey, SchemaGateResource?> Now { get; init; }

    /// <summary>What the next decision about a gate rests on; null where it tells nobody.</summary>
    public NotifyEvidence? Observe(SchemaGateResource gate, GateSpec spec)
    {
        if (spec.Notify is null)
        {
            return null;
        }

        bool isKnown = attempts.TryGetValue(ObjectKey.Of(gate), out NotifyAttempt? ended);
        return new(Uid(gate), NotifyMapping.Record(gate.Status?.Notify), ended, Random.Shared.NextDouble())
        {
            IsUnderWay = isKnown && ended is null,
        };
    }

    /// <summary>Begins the next attempt, if one is due and none goes on. Called when the status has been written.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="spec">Its spec as read.</param>
    /// <param name="written">The attempt that status accounts for; null for none.</param>
    /// <param name="record">What status says now; null where nobody is told.</param>
    public void Begin(SchemaGateResource gate, GateSpec spec, NotifyAttempt? written, NotifyRecord? record)
    {
        ObjectKey name = ObjectKey.Of(gate);
        if (written is not null)
        {
            attempts.TryRemove(new(name, written));
        }

        if (spec is { Suspend: false, Notify: { Problems: [] } settings } && record is { Owed: { } owed }
            && (record.IsDue(time.GetUtcNow()) || record.Failure is { IsFinal: true }) && attempts.TryAdd(name, null))
        {
            _ = Task.Run(() => AttemptAsync(gate, settings, record, owed), CancellationToken.None);
        }
    }

    /// <summary>What came of attempts for a gate that is gone is nobody's.</summary>
    public void Forget(ObjectKey gate) => attempts.TryRemove(gate, out _);

    /// <summary>An attempt whose end says nothing new is forgotten: the gate is not looked at for it. One that had waited until its gate
    /// was another is not made: the next look says what is owed by then.</summary>
    private async Task AttemptAsync(SchemaGateResource gate, NotifySettings settings, NotifyRecord record, Notice owed)
    {
        ObjectKey name = ObjectKey.Of(gate);
        NotifyAttempt? attempt = null;
        bool isPast = false;
        SemaphoreSlim share = shares.GetOrAdd(gate.Metadata.NamespaceProperty ?? "", _ => new(MostOfOneNamespace));
        try
        {
            attempt = await WithinAsync(
                share, () => WithinAsync(Places, async () =>
                {
                    SchemaGateResource? now = Now(name);
                    isPast = now is null || Uid(now) != Uid(gate) || now.Metadata.Generation != gate.Metadata.Generation;
                    return isPast ? null : await ReadAndSendAsync(now!, settings, record, owed);
                }));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Another leads: it finds what is owed.
        }
        finally
        {
            if (attempt is null)
            {
                Forget(name);
            }
            else
            {
                Instruments.Notified(attempt.Result.ToString());
                attempts[name] = attempt;
            }

            if (attempt is not null || isPast)
            {
                ended(name);
            }
        }
    }

    private async Task<NotifyAttempt?> WithinAsync(SemaphoreSlim places, Func<Task<NotifyAttempt?>> attempt)
    {
        await places.WaitAsync(stopping);
        try
        {
            return await attempt();
        }
        finally
        {
            places.Release();
        }
    }

    /// <returns>Null where nothing was done: what was refused for good is the same, or is read no better.</returns>
    private async Task<NotifyAttempt?> ReadAndSendAsync(
        SchemaGateResource gate, NotifySettings settings, NotifyRecord record, Notice owed)
    {
        Receiver? receiver;
        string told;
        try
        {
            (receiver, told) = await ReadAsync(gate.Metadata.NamespaceProperty!, settings);
        }
        catch (KubernetesException exception)
        {
            return record is { Failure.IsFinal: true } ? null
                : new(owed.Id, NotifyResult.Failed, $"One of its Secrets could not be read: {exception.Message}", time.GetUtcNow());
        }

        if (receiver is null)
        {
            return record is { Failure: { IsFinal: true, Message: var known }, Receiver: null } && known == told
                ? null
                : new(owed.Id, NotifyResult.Unready, told, time.GetUtcNow());
        }

        string fingerprint = key.Fingerprint(Uid(gate), told, $"notify {gate.Metadata.Annotations.Find(Names.Retry)}");
        if (record is { Failure.IsFinal: true } && record.Receiver == fingerprint)
        {
            return null;
        }

        OpenedGate opened = new(gate.Metadata.NamespaceProperty!, gate.Metadata.Name!, Uid(gate));
        ReceiverAnswer answer = await sender.SendAsync(
            receiver, owed.Id, OpenedEvent.Of(opened, settings.Environment, owed), stopping);
        return new(owed.Id, answer.Result, answer.Message, time.GetUtcNow(), fingerprint, answer.RetryAfter);
    }

    /// <returns>The receiver and all that tells it from another; or null and why, in sentences that quote nothing.</returns>
    private async Task<(Receiver? Receiver, string Told)> ReadAsync(string ns, NotifySettings settings)
    {
        (string? url, string noUrl) = settings.Url is { } given ? (given, "") : await TextAsync(ns, settings.UrlFrom, "urlFrom");
        (string? keys, string noKeys) = await TextAsync(ns, settings.SigningKeysFrom, "signingKeysFrom");
        (string? authorities, string noAuthorities) = await TextAsync(ns, settings.AuthoritiesFrom, "authoritiesFrom");
        url = url?.Trim();
        SigningKeys? signing = null;
        if (url is not null && NotifySettings.UrlProblem(url) is { } wrong)
        {
            noUrl = $"What spec.notify.urlFrom names {wrong}.";
        }

        if (keys is not null && (signing = SigningKeys.Parse(keys, out string unusable)) is null)
        {
            noKeys = $"What spec.notify.signingKeysFrom names {unusable}.";
        }

        string problem = string.Join(' ', new[] { noUrl, noKeys, noAuthorities }.Where(text => text.Length > 0));
        return problem.Length > 0 ? (null, problem) : (new(new(url!), signing!, authorities), $"{url}\n{keys}\n{authorities}");
    }

    private async Task<(string? Text, string Problem)> TextAsync(string ns, SecretKeyName? name, string field) =>
        name is null ? (null, "") : await secrets.TextAsync(ns, name.Name, name.Key, $"spec.notify.{field}", stopping);

    private static string Uid(SchemaGateResource gate) => gate.Metadata.Uid ?? "";
}
