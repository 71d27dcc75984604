using SchemaGate.Api;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Kubernetes.Watching;

namespace SchemaGate.Operator.Serving;

/// <summary>
/// The webhooks as the API server has them, followed by every replica: at which paths they ask, and whether they are there at all.
/// Thread-safe.
/// </summary>
internal sealed class WebhookWatch
{
    private readonly Informer<RawObject> mutating;
    private readonly Informer<RawObject> validating;
    private readonly TimeProvider time;
    private int version;
    private Tuple<DateTimeOffset>? missingSince;

    /// <param name="client">The API server.</param>
    /// <param name="failed">Told what goes wrong while watching.</param>
    /// <param name="time">Measures waits.</param>
    public WebhookWatch(KubernetesClient client, Action<Exception> failed, TimeProvider time)
    {
        this.time = time;
        // By its name: that is what the operator may list.
        InformerOptions options = new() { Time = time, Failed = failed, FieldSelector = $"metadata.name={OperatorObjects.Webhooks}" };
        mutating = new(client, OperatorObjects.MutatingWebhooks, options);
        validating = new(client, OperatorObjects.ValidatingWebhooks, options);
        mutating.Changed += Tell;
        validating.Changed += Tell;
    }

    /// <summary>Told after each change, with what there is then; null for a configuration that is not there.</summary>
    public Action<IReadOnlyList<RawObject?>>? Changed { get; set; }

    /// <summary>Since when one of them is not there; null where both are, and where this process has never seen them.</summary>
    public DateTimeOffset? MissingSince => Volatile.Read(ref missingSince)?.Item1;

    /// <summary>Why the leader cannot register them; null where it can, and in every other replica.</summary>
    public string? Unmended { get; set; }

    /// <summary>Counts changes.</summary>
    public int Version => Volatile.Read(ref version);

    /// <summary>What is missing, in words; null where the API server asks about everything that it is to ask about.</summary>
    public string? Problem => (mutating.Synced && validating.Synced, Present) switch
    {
        (false, _) => "the webhooks' registration is not known yet",
        (_, [null, _]) => $"the MutatingWebhookConfiguration {OperatorObjects.Webhooks} is not there",
        (_, [_, null]) => $"the ValidatingWebhookConfiguration {OperatorObjects.Webhooks} is not there",
        (_, var present) when !WebhookRegistration.IsAsking(present) => "the webhooks are registered, but not to ask the operator",
        _ => Unmended is { } why ? $"the webhooks cannot be registered: {why}" : null,
    };

    private IReadOnlyList<RawObject?> Present =>
        [mutating.Get(null, OperatorObjects.Webhooks), validating.Get(null, OperatorObjects.Webhooks)];

    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(mutating.RunAsync(cancellation), validating.RunAsync(cancellation));

    private void Tell(InformerChange<RawObject> change)
    {
        if (change.New is null)
        {
            Interlocked.CompareExchange(ref missingSince, new(time.GetUtcNow()), null);
        }
        else if (Present is [not null, not null])
        {
            Volatile.Write(ref missingSince, null);
        }

        Interlocked.Increment(ref version);
        Changed?.Invoke(Present);
    }
}
