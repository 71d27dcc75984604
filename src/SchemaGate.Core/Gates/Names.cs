namespace SchemaGate.Core.Gates;

/// <summary>The labels and annotations that SchemaGate reads and writes on workloads.</summary>
public static class Names
{
    /// <summary>Label, <c>"true"</c>, on a workload and on its pod template: the workload is gated.</summary>
    public const string Gated = "schemagate.dev/gated";

    /// <summary>Annotation of a pod template, written by its owner: what this revision needs.</summary>
    public const string Requires = "schemagate.dev/requires";

    /// <summary>Annotation of a workload: it is held, why, and what was there before (<see cref="Gates.Hold"/>).</summary>
    public const string Hold = "schemagate.dev/hold";

    /// <summary>Annotation of a workload or ReplicaSet: what its revision was released for (<see cref="RevisionRecord"/>).</summary>
    public const string Released = "schemagate.dev/released";

    /// <summary>Annotation of a workload, <c>"true"</c>, written by its owner: keep it paused when the hold ends.</summary>
    public const string Paused = "schemagate.dev/paused";
}
