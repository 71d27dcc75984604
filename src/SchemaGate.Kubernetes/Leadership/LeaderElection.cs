using k8s.Models;
using SchemaGate.Kubernetes.Controllers;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Kubernetes.Leadership;

/// <summary>
/// One leader among several processes, by a Lease, as client-go's leaderelection does it and together with it. No two clocks are
/// compared: another's lease has expired when this process has seen it unchanged for its duration, and its own counts from before
/// the renewal was sent.
/// <para>
/// What a leader sent while it led may arrive after: between looking at <see cref="Leading"/> and sending, a process can be paused for any
/// time. <see cref="KubernetesClient.Fenced"/> makes that window small; only a resourceVersion in the write itself closes it, so every
/// write of a leader that builds on what it read should carry one.
/// </para>
/// </summary>
public sealed class LeaderElection(KubernetesClient client, LeaderElectionOptions options)
{
    private readonly LeaderElectionOptions options = LeaderElectionOptions.Checked(options);
    private LeaseObservation? observed;
    private long leadsUntil;
    private long answeredAt = long.MinValue;
    private volatile string? leader;

    /// <summary>
    /// This process leads now. Computed from the clock at every look, so that it is false at the first instruction after a pause
    /// that outlasted the lease, before any timer has fired.
    /// </summary>
    public bool Leading => options.Time.GetTimestamp() < Interlocked.Read(ref leadsUntil);

    /// <summary>
    /// How long ago the API server last answered about the lease, which it is asked for all the time: whoever has heard nothing for several
    /// periods is cut off. Zero until the first answer.
    /// </summary>
    public TimeSpan Silence
        => Interlocked.Read(ref answeredAt) is var at && at == long.MinValue ? TimeSpan.Zero : options.Time.GetElapsedTime(at);

    /// <summary>
    /// Who held the lease when it was read or written last; this process only while it leads. Null for nobody, and when this process
    /// lost it without seeing to whom.
    /// </summary>
    public string? Leader => leader;

    private V1ObjectMeta Named => new() { NamespaceProperty = options.Namespace, Name = options.Name };

    /// <summary>For one attempt: another must fit in before the deadline.</summary>
    private TimeSpan Patience => options.RenewDeadline / 2;

    /// <summary>
    /// Stands until <paramref name="stopping"/>, and each time it leads runs <paramref name="lead"/>, whose token ends when
    /// leading does, or with <paramref name="stopping"/>. The lease is renewed until <paramref name="lead"/> has returned, then given
    /// up, so that another takes it at once; where it was lost, it is stood for again only after <paramref name="lead"/> has returned.
    /// What was missed in between is not told to it: begin with everything. Call it once.
    /// </summary>
    public async Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            if (await TryAsync(TakeAsync, Patience))
            {
                await LeadAsync(lead, stopping);
            }

            await Task.Delay(NextLook(), options.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LeadAsync(Func<CancellationToken, Task> lead, CancellationToken stopping)
    {
        using var term = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        // Task.Run: work without a true wait must not keep the lease from being renewed.
        var work = Task.Run(() => lead(term.Token), CancellationToken.None);
        await HoldAsync(work);
        if (!work.IsCompleted)
        {
            Lose();
            await term.CancelAsync();
        }

        try
        {
            await work;
        }
        catch (OperationCanceledException) when (term.IsCancellationRequested)
        {
            // It was told to end.
        }
#pragma warning disable CA1031 // Whatever ends one term, the next may go better, or another process's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            options.Failed?.Invoke(e);
        }

        Interlocked.Exchange(ref leadsUntil, 0);
        await TryAsync(ReleaseAsync, Patience);
    }

    /// <summary>Renews, until the work has returned or the lease is lost.</summary>
    private async Task HoldAsync(Task work)
    {
        while (true)
        {
            await work.WaitAsync(Shorter(options.RetryPeriod, Left()), options.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (work.IsCompleted || !Leading)
            {
                return;
            }

            await TryAsync(TakeAsync, Shorter(Patience, Left()));
            if (observed?.Holder != options.Identity)
            {
                return;
            }
        }
    }

    /// <summary>Takes or renews the lease, unless another may still hold it.</summary>
    private async Task<bool> TakeAsync(CancellationToken cancellation)
    {
        var found = await ReadAsync(cancellation);
        // A lease that somebody deleted does not end its holder's belief to lead: what was seen of it counts on.
        if (observed is { } seen && seen.Holder != options.Identity && seen.Left(options.Time, options.LeaseDuration) > TimeSpan.Zero)
        {
            return false;
        }

        var spec = LeaseObservation.Taken(observed?.Lease.Spec, options.Identity, options.LeaseDuration, options.Time.GetUtcNow());
        var sent = options.Time.GetTimestamp();
        Observe(found is null
            ? await client.CreateAsync(Kinds.Lease, new() { Metadata = Named, Spec = spec }, cancellation)
            : await client.ReplaceAsync(Kinds.Lease, found with { Spec = spec }, cancellation: cancellation));
        if (observed?.Holder != options.Identity)
        {
            throw new KubernetesException(StatusReason.MalformedResponse, $"the lease {options.Name} does not hold what was written to it");
        }

        Interlocked.Exchange(ref leadsUntil, sent + (long)(options.RenewDeadline.TotalSeconds * options.Time.TimestampFrequency));
        Follow();
        return true;
    }

    private async Task<bool> ReleaseAsync(CancellationToken cancellation)
    {
        if (await ReadAsync(cancellation) is { } found && found.Spec?.HolderIdentity == options.Identity)
        {
            var now = options.Time.GetUtcNow().ToMicroTime();
            var spec = found.Spec with { HolderIdentity = "", LeaseDurationSeconds = 1, AcquireTime = now, RenewTime = now };
            Observe(await client.ReplaceAsync(Kinds.Lease, found with { Spec = spec }, cancellation: cancellation));
        }

        return true;
    }

    private async Task<V1Lease?> ReadAsync(CancellationToken cancellation)
    {
        var found = await client.FindAsync(Kinds.Lease, options.Namespace, options.Name, cancellation);
        Interlocked.Exchange(ref answeredAt, options.Time.GetTimestamp());
        if (found is not null)
        {
            Observe(found);
        }

        return found;
    }

    private void Observe(V1Lease lease)
    {
        // Without one the write that follows would be unconditional.
        if (lease.Metadata.ResourceVersion is not { Length: > 0 })
        {
            throw new KubernetesException(StatusReason.MalformedResponse, $"the lease {options.Name} has no resourceVersion");
        }

        observed = LeaseObservation.Of(observed, lease, options.Time.GetTimestamp());
        Follow();
    }

    /// <summary>One attempt. It is not cancelled by stopping: a lease that was taken unseen would be given up by nobody.</summary>
    private async Task<bool> TryAsync(Func<CancellationToken, Task<bool>> step, TimeSpan limit)
    {
        using var timer = new CancellationTokenSource(limit, options.Time);
        try
        {
            return await step(timer.Token);
        }
        catch (OperationCanceledException e)
        {
            options.Failed?.Invoke(new KubernetesException(
                StatusReason.Timeout, $"the lease {options.Name}: no answer within {limit.TotalSeconds:0.#} s", retryable: true, inner: e));
        }
        catch (KubernetesException e) when (e.Reason is StatusReason.Conflict or StatusReason.AlreadyExists)
        {
            // Somebody wrote it first; the next look shows who.
        }
        catch (KubernetesException e)
        {
            options.Failed?.Invoke(e);
        }

        return false;
    }

    private void Lose()
    {
        Interlocked.Exchange(ref leadsUntil, 0);
        Follow();
    }

    private void Follow()
    {
        var next = observed?.Holder == options.Identity && !Leading ? null : observed?.Holder;
        if (next != leader)
        {
            leader = next;
            options.LeaderChanged?.Invoke(next);
        }
    }

    private TimeSpan Left()
    {
        var ticks = Interlocked.Read(ref leadsUntil) - options.Time.GetTimestamp();
        return ticks <= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds((double)ticks / options.Time.TimestampFrequency);
    }

    /// <summary>At the end of another's lease, where that comes before the next regular look.</summary>
    private TimeSpan NextLook()
    {
        var regular = new Backoff(options.RetryPeriod, options.RetryPeriod).Delay(0);
        var end = observed?.Left(options.Time, options.LeaseDuration) ?? TimeSpan.Zero;
        return end > TimeSpan.Zero ? Shorter(end, regular) : regular;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
