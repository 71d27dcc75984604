namespace SchemaGate.Core.Gates;

/// <summary>The labels and annotations that SchemaGate reads and writes on workloads.</summary>
public static class Names
{
    /// <summary>Label, <c>"true"</c>, on a workload and on its pod template: the workload is gated.</summary>
    public const string Gated = "schemagate.dev/gated";

    /// <summary>
    /// Label of a pod template, <c>"true"</c>, written by its owner: each of its pods is asked about, so that a gate may hold these rather
    /// than the rollout (<see cref="Enforcement.Pods"/>).
    /// </summary>
    public const string HoldPods = "schemagate.dev/hold-pods";

    /// <summary>Annotation of a pod template, written by its owner: what this revision needs.</summary>
    public const string Requires = "schemagate.dev/requires";

    /// <summary>
    /// Annotation of a pod template, written by its owner: the <c>application_name</c> that this revision's sessions have, and no other's.
    /// </summary>
    public const string ApplicationName = "schemagate.dev/application-name";

    /// <summary>Annotation of a workload: it is held, why, and what a pause has replaced (<see cref="Gates.Hold"/>).</summary>
    public const string Hold = "schemagate.dev/hold";

    /// <summary>
    /// Label, written by admission: of a pod, it waits, by its scheduling gate or its init container; of a StatefulSet, its partition is
    /// SchemaGate's.
    /// </summary>
    public const string Held = "schemagate.dev/held";

    /// <summary>Annotation of a workload or ReplicaSet: what its revision was released for (<see cref="RevisionRecord"/>).</summary>
    public const string Released = "schemagate.dev/released";

    /// <summary>Annotation of a workload, <c>"true"</c>, written by its owner: keep it paused when the hold ends.</summary>
    public const string Paused = "schemagate.dev/paused";

    /// <summary>
    /// Annotation of a workload, a pod that waits, or a run's Job: the trace that it belongs to (W3C Trace Context, traceparent). Written
    /// where traces are recorded, and believed by nobody for anything else.
    /// </summary>
    public const string Traceparent = "schemagate.dev/traceparent";

    /// <summary>Annotation of a workload, there for a moment only: a write that changes nothing wakes its controller.</summary>
    public const string Woken = "schemagate.dev/woken";

    /// <summary>
    /// Annotation of a gate, written by a person: the hash of a plan that may run, or its beginning. Admission answers it with
    /// <see cref="Approval"/>.
    /// </summary>
    public const string Approve = "schemagate.dev/approve";

    /// <summary>Annotation of a gate, written by admission alone: who approved which plan (<see cref="Running.Approval"/>).</summary>
    public const string Approval = "schemagate.dev/approval";

    /// <summary>
    /// Annotation of a gate, written by a person: open it for one requirement (<see cref="Running.OpenRequest"/>). Admission answers it
    /// with <see cref="Override"/>.
    /// </summary>
    public const string Open = "schemagate.dev/open";

    /// <summary>
    /// Annotation of a gate, written by admission alone: who opened it, for what and until when (<see cref="Running.Override"/>).
    /// </summary>
    public const string Override = "schemagate.dev/override";

    /// <summary>
    /// Annotation of a gate, written by admission alone: who made it let more through than before, and how (<see cref="Gates.Loosened"/>).
    /// </summary>
    public const string Loosened = "schemagate.dev/loosened";

    /// <summary>Annotation of a gate, written by a person: another value than before starts a failed run again.</summary>
    public const string Retry = "schemagate.dev/retry";

    /// <summary>Label of a run's Job and pod: the uid of its gate.</summary>
    public const string Run = "schemagate.dev/run";
}
