namespace SchemaGate.Telemetry;

/// <summary>Everything that is measured, with its name, unit and bounds.</summary>
internal static class Metrics
{
    private const int Gates = Labels.MostGates;

    public static readonly Metric GateCount = Leaders(new(
        "schemagate.gates", MetricKind.Gauge, "{gate}", 64, "Gates, by verdict and reason.", Labels.Verdict, Labels.Reason));

    public static readonly Metric GatesUnlisted = Leaders(new(
        "schemagate.gates.unlisted", MetricKind.Gauge, "{gate}", 1,
        "Gates beyond the first 1,000, of which there are no series of their own. They are in schemagate.gates."));

    public static readonly Metric GateVerdict = OfGates(new(
        "schemagate.gate.verdict", MetricKind.Gauge, "{gate}", Gates,
        "1 for the verdict and reason that a gate has now, with who can open it.",
        Labels.Namespace, Labels.Gate, Labels.Verdict, Labels.Reason, Labels.Opener));

    public static readonly Metric GateVerdictTimestamp = OfGates(new(
        "schemagate.gate.verdict.timestamp", MetricKind.Gauge, "s", Gates,
        "Since when a gate is open, or is not, whatever the reasons (Unix time).", Labels.Namespace, Labels.Gate));

    public static readonly Metric GateCondition = OfGates(new(
        "schemagate.gate.condition", MetricKind.Gauge, "{condition}", 15 * Gates,
        "1 for each condition of a gate that is not as an open gate has it.",
        Labels.Namespace, Labels.Gate, Labels.Condition, Labels.Status, Labels.Reason));

    public static readonly Metric GateMigrations = OfGates(new(
        "schemagate.gate.migrations", MetricKind.Gauge, "{migration}", 3 * Gates,
        "Migrations that a gate requires, by what the database's history says of them.", Labels.Namespace, Labels.Gate, Labels.State));

    public static readonly Metric GateHeld = OfGates(new(
        "schemagate.gate.held", MetricKind.Gauge, "{object}", 5 * Gates,
        "What a gate, or another that it names, too, keeps waiting. Absent where nothing waits.",
        Labels.Namespace, Labels.Gate, Labels.Kind));

    public static readonly Metric GateHeldTimestamp = OfGates(new(
        "schemagate.gate.held.timestamp", MetricKind.Gauge, "s", 5 * Gates,
        "Since when the one that waits longest for a gate does (Unix time).", Labels.Namespace, Labels.Gate, Labels.Kind));

    public static readonly Metric GateMissingTimestamp = OfGates(new(
        "schemagate.gate.missing.timestamp", MetricKind.Gauge, "s", Labels.MostNamespaces,
        "Since when, in a namespace, the one that waits longest for a gate that is not there does (Unix time). Absent where none does.",
        Labels.WaitingNamespace));

    public static readonly Metric GateRunTimestamp = OfGates(new(
        "schemagate.gate.run.timestamp", MetricKind.Gauge, "s", Gates,
        "Since when a run of a gate's migrations goes on (Unix time). Absent where none does.", Labels.Namespace, Labels.Gate));

    public static readonly Metric GateOverrideTimestamp = OfGates(new(
        "schemagate.gate.override.timestamp", MetricKind.Gauge, "s", Gates,
        "Until when a person holds a gate open, whatever closes it (Unix time). Absent where nobody does.",
        Labels.Namespace, Labels.Gate));

    public static readonly Metric Held = Leaders(new(
        "schemagate.held", MetricKind.Gauge, "{object}", 5,
        "What waits in the whole cluster, by kind, also for a gate that is not there.", Labels.Kind));

    public static readonly Metric UnreadObjects = Leaders(new(
        "schemagate.unread.objects", MetricKind.Gauge, "{object}", 16,
        "Objects that are there and cannot be read: each closes itself.", Labels.UnreadKind));

    public static readonly Metric QueueLength = Leaders(new(
        "schemagate.queue.length", MetricKind.Gauge, "{gate}", 1, "Gates that wait to be looked at."));

    public static readonly Metric QueueAge = Leaders(new(
        "schemagate.queue.age", MetricKind.Gauge, "s", 1, "For how long the one that waits longest to be looked at does."));

    public static readonly Metric Transitions = new(
        "schemagate.gate.transitions", MetricKind.Counter, "{transition}", 64,
        "Changes of gates' verdicts or reasons, by what they became.", Labels.Verdict, Labels.Reason);

    public static readonly Metric Releases = new(
        "schemagate.releases", MetricKind.Counter, "{release}", 4,
        "Requirements that were released, by why: Satisfied, Adopted or Overridden.", Labels.Reason);

    public static readonly Metric HoldDuration = new(
        "schemagate.hold.duration", MetricKind.Histogram, "s", 5,
        "How long a workload was held, when the leader let it go. Pods are in schemagate.gate.held.", Labels.Kind)
    {
        Buckets = [1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400, 604_800],
    };

    public static readonly Metric RunsStarted = new(
        "schemagate.runs.started", MetricKind.Counter, "{run}", 1, "Runs of migrations that were begun.");

    public static readonly Metric RunDuration = new(
        "schemagate.run.duration", MetricKind.Histogram, "s", 8, "How long runs of migrations took, from their Job's beginning.",
        Labels.RunResult, Labels.RunError)
    {
        Buckets = [1, 2.5, 5, 10, 30, 60, 300, 900, 1800, 3600, 14_400],
    };

    public static readonly Metric RehearsalDuration = new(
        "schemagate.rehearsal.duration", MetricKind.Histogram, "s", 4, "How long rehearsals took, from their Job's beginning.",
        Labels.RehearsalResult)
    {
        Buckets = RunDuration.Buckets,
    };

    public static readonly Metric Approvals = new(
        "schemagate.approvals", MetricKind.Counter, "{approval}", 1, "Plans that a person approved.");

    public static readonly Metric Overrides = new(
        "schemagate.overrides", MetricKind.Counter, "{override}", 1, "Gates that a person opened, whatever closed them.");

    public static readonly Metric Loosenings = new(
        "schemagate.loosenings", MetricKind.Counter, "{change}", 1, "Changes of gates that let more through than before.");

    public static readonly Metric Notifications = new(
        "schemagate.notifications", MetricKind.Counter, "{notification}", 4,
        "Attempts to tell a gate's receiver that it has opened, by what became of them.", Labels.NotifyResult);

    public static readonly Metric EvidenceDuration = new(
        "schemagate.evidence.duration", MetricKind.Histogram, "s", 64, "How long a look at a gate waited for one witness.",
        Labels.Witness, Labels.Evidence, Labels.EvidenceError);

    public static readonly Metric AdmissionDuration = new(
        "schemagate.admission.duration", MetricKind.Histogram, "s", 27, "How long the API server waited for an answer of a webhook.",
        Labels.Hook, Labels.Admission);

    public static readonly Metric ReconcileDuration = new(
        "schemagate.reconcile.duration", MetricKind.Histogram, "s", 32,
        "One look at a gate: reading its evidence, deciding and acting.", Labels.Exception);

    public static readonly Metric Leader = new(
        "schemagate.leader", MetricKind.Gauge, "{leader}", 1, "1 in the replica that leads, else 0.");

    public static readonly Metric Ready = new(
        "schemagate.ready", MetricKind.Gauge, "{replica}", 1,
        "1 in a replica that can answer for what it is asked, else 0: /readyz says why.");

    public static readonly Metric BuildInfo = new(
        "schemagate.build.info", MetricKind.Gauge, "{build}", 1, "1, with the version of this build.", Labels.Version);

    public static readonly Metric CertificateTimestamp = new(
        "schemagate.certificate.expiry.timestamp", MetricKind.Gauge, "s", 1,
        "When the certificate that the webhooks are served with expires (Unix time).");

    public static readonly Metric ApiServerSilence = new(
        "schemagate.apiserver.silence", MetricKind.Gauge, "s", 1,
        "How long the API server has not answered about the Lease, which it is asked for every few seconds.");

    public static readonly Metric InformerStaleness = new(
        "schemagate.informer.staleness", MetricKind.Gauge, "s", 16,
        "How long a cache may have been out of date: the longest of the namespaces that are followed one by one.", Labels.Resource);

    public static readonly Metric InformerObjects = new(
        "schemagate.informer.objects", MetricKind.Gauge, "{object}", 16, "Objects in a cache.", Labels.Resource);

    public static readonly Metric InformerRestarts = new(
        "schemagate.informer.restarts", MetricKind.Counter, "{restart}", 16,
        "How often listing or watching failed, and was begun anew.", Labels.Resource);

    public static readonly Metric BudgetUsage = new(
        "schemagate.budget.usage", MetricKind.Gauge, "By", 1, "Memory that readings of images, histories and SQL have now.");

    public static readonly Metric BudgetLimit = new(
        "schemagate.budget.limit", MetricKind.Gauge, "By", 1, "Memory that all of them together may have.");

    public static readonly Metric BudgetWaiting = new(
        "schemagate.budget.waiting", MetricKind.Gauge, "{reading}", 1, "Readings that wait for memory.");

    /// <summary>In the order in which the documents show them.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        GateCount, GatesUnlisted, GateVerdict, GateVerdictTimestamp, GateCondition, GateMigrations, GateHeld, GateHeldTimestamp,
        GateMissingTimestamp, GateRunTimestamp, GateOverrideTimestamp, Held, UnreadObjects, QueueLength, QueueAge,
        Transitions, Releases, HoldDuration, RunsStarted, RunDuration, RehearsalDuration, Approvals, Overrides,
        Loosenings, Notifications, EvidenceDuration, AdmissionDuration, ReconcileDuration,
        Leader, Ready, BuildInfo, CertificateTimestamp, ApiServerSilence, InformerStaleness, InformerObjects, InformerRestarts,
        BudgetUsage, BudgetLimit, BudgetWaiting,
    ];

    private static Metric Leaders(Metric metric) => metric with { IsLeaders = true };

    private static Metric OfGates(Metric metric) => metric with { IsLeaders = true, IsOfGates = true };
}
