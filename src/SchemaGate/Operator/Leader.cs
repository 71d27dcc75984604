using Microsoft.Extensions.Logging;
using SchemaGate.Api;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Controllers;
using SchemaGate.Kubernetes.Events;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Operator.Notifying;
using SchemaGate.Operator.Pods;
using SchemaGate.Operator.Running;
using SchemaGate.Operator.Serving;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator;

/// <summary>What only the leading replica does: reconcile every gate, and look after the operator's own objects.</summary>
/// <param name="replica">The process; its client refuses writes once it leads no more.</param>
/// <param name="view">What is known of the cluster.</param>
/// <param name="images">Reads images.</param>
/// <param name="databases">Reads databases.</param>
/// <param name="runner">What runs migrations.</param>
/// <param name="webhooks">What the API server has of the webhooks.</param>
/// <param name="unasked">Told when it did not ask.</param>
internal sealed partial class Leader(
    Replica replica, ClusterView view, ImageEvidence images, DatabaseEvidence databases, RunnerOptions runner, WebhookWatch webhooks,
    UnaskedTimes unasked)
{
    private static readonly Backoff Retries = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    /// <summary>Less than what is left of the Lease when a leader gives up: by then another may lead.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly ILogger logger = replica.Loggers.CreateLogger<Leader>();

    /// <summary>The gates to look at; null while another leads.</summary>
    public WorkQueue<ObjectKey>? Queued { get; private set; }

    /// <summary>Leads until told to stop, or until the lease is lost.</summary>
    public async Task RunAsync(CancellationToken leading)
    {
        using WorkQueue<ObjectKey> queue = Queue(replica.Options, replica.Time);
        SecretWatch secrets = new(replica.Client, (secret, _) => Uses(secret).ForEach(queue.Add), replica.Time, leading);
        EventRecorder events = new(replica.Client, "schemagate.dev/operator", replica.Options.Identity, Failed, replica.Time);
        GateReconciler reconciler = Reconciler(queue, secrets, events, leading);
        Controller<ObjectKey> controller = new(queue, MeasuredAsync, Failed, replica.Time)
        {
            Workers = replica.Options.Workers,
            Grace = Grace,
        };
        view.Respecified = gate =>
        {
            secrets.Keep(gate.Namespace, SecretsOf(gate.Namespace));
            images.Hurry(gate.Namespace, gate.Name);
        };
        Queued = queue;
        view.Changed = queue.Add;
        view.Unread.Announced = Announce;
        foreach (ObjectKey gate in view.Keys())
        {
            queue.Add(gate);
        }

        foreach (UnreadObject unread in view.Unread.All)
        {
            Announce(unread);
        }

        try
        {
            Housekeeping housekeeping = new(replica, view, webhooks, unasked);
            await Task.WhenAll(housekeeping.RunAsync(leading), ReconcilingAsync(housekeeping), events.RunAsync(leading));
        }
        finally
        {
            Queued = null;
            images.EndReadings();
            view.Changed = view.Respecified = null;
            view.Unread.Announced = null;
        }

        async Task ReconcilingAsync(Housekeeping housekeeping)
        {
            await housekeeping.WaitAsync(leading);
            await controller.RunAsync(leading);
        }

        void Announce(UnreadObject unread)
        {
            if (unread.Key.Name.Length > 0)
            {
                string note = $"SchemaGate cannot read this {unread.Kind}: {unread.Problem}. "
                    + "It is left closed: apply it again without that.";
                events.Record(new(unread.Reference, Normal: false, "Read", "Unreadable", note));
            }
        }

        Task<TimeSpan?> MeasuredAsync(ObjectKey gate, CancellationToken cancellation) =>
            Instruments.ReconcileAsync(() => reconciler.ReconcileAsync(gate, cancellation));
    }

    /// <summary>The gates to look at; those of one namespace wait for each other, and others' never for them.</summary>
    internal static WorkQueue<ObjectKey> Queue(OperatorOptions options, TimeProvider time) => new(time, Retries)
    {
        Tenant = gate => gate.Namespace,
        Share = options.Workers,
    };

    private GateReconciler Reconciler(WorkQueue<ObjectKey> queue, SecretWatch secrets, EventRecorder events, CancellationToken leading)
    {
        (_, KubernetesClient client, SealKey key, ILoggerFactory loggers, TimeProvider time) = replica;
        Announcer announcer = new(events, loggers.CreateLogger<Announcer>());
        return new(
            view,
            new GateEvidence(secrets, images, databases, key, time) { Ended = queue.Add },
            new WorkloadActor(client, view, new(key), announcer, time),
            new PodActor(client, view, new(key), new(key), announcer),
            new RunJobs(client, view, () => key.Claims, runner, time),
            new Notifier(secrets, new(replica.Options.Receivers, time), key, queue.Add, time, leading) { Now = view.Gate },
            new StatusWriter(client, announcer));
    }

    private List<ObjectKey> Uses(ObjectKey secret) =>
        [.. view.Keys(secret.Namespace)
            .Where(gate => view.Gate(gate) is { } known && SecretNames(known).Contains(secret.Name, StringComparer.Ordinal))];

    private HashSet<string> SecretsOf(string ns) =>
        view.Keys(ns).Select(view.Gate).OfType<SchemaGateResource>().SelectMany(SecretNames).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> SecretNames(SchemaGateResource gate)
        => GateAdmission.Read(gate).Spec.Secrets.Select(secret => secret.Name);

    /// <summary>An event that cannot be written stops nothing.</summary>
    private void Failed(KubernetesException exception) => LogEventFailed(exception.Message);

    private void Failed(ObjectKey gate, Exception exception)
    {
        if (exception is KubernetesException { Reason: not StatusReason.NotLeading })
        {
            LogFailed(gate, exception.Message.TrimEnd('.'));
        }
        else if (exception is not KubernetesException)
        {
            // A fault of SchemaGate's own. Its text may hold anything, so only its kind and place are written.
            LogFault(gate, exception.GetType().FullName, exception.StackTrace);
        }
    }

    [LoggerMessage(1100, LogLevel.Warning, "gate {Gate}: {Message}. It is tried again.")]
    private partial void LogFailed(ObjectKey gate, string message);

    [LoggerMessage(1101, LogLevel.Error, "gate {Gate}: {Exception} at {Place}. It is tried again.")]
    private partial void LogFault(ObjectKey gate, string? exception, string? place);

    [LoggerMessage(1102, LogLevel.Warning, "an event could not be written: {Message}")]
    private partial void LogEventFailed(string message);
}
