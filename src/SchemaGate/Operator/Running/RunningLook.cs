using SchemaGate.Core.Gates.Rehearsing;

namespace SchemaGate.Operator.Running;

/// <summary>The code of a gate's workloads, as the cluster has it.</summary>
/// <param name="Code">What has pods that have not ended, or makes some.</param>
/// <param name="Named">Which code, also such that has ended, gives its sessions which name.</param>
/// <param name="Unlisted">Why nobody knows which CronJobs make pods later, in a sentence; null where that is known.</param>
internal sealed record RunningLook(IReadOnlyList<RunningCode> Code, IReadOnlyList<NamedCode> Named, string? Unlisted);
