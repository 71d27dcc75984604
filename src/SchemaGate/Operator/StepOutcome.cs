using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;

namespace SchemaGate.Operator;

/// <summary>What came of acting on the cluster, as far as the next look at the gate depends on it.</summary>
internal abstract record StepOutcome
{
    private StepOutcome()
    {
    }

    /// <summary>Nothing is left: the decision says when to look again.</summary>
    internal sealed record Done : StepOutcome;

    /// <summary>The cluster is another than the one that was decided about: look again once the caches know.</summary>
    internal sealed record Overtaken : StepOutcome;

    /// <summary>A write, or a read before it, failed for another reason: it is tried again with growing patience.</summary>
    /// <param name="What">What was to be written: <c>deployment/shop</c>.</param>
    internal sealed record Failed(string What, KubernetesException Why) : StepOutcome
    {
        /// <summary>What a person has to know of it; null for a read, and where the same write may succeed in a moment.</summary>
        public WriteRefusal? Refusal => Why is { IsWrite: true, Retryable: false, HttpStatus: not null } ? new(What, Why.Message) : null;
    }

    public static StepOutcome Of(string what, KubernetesException failure) =>
        failure.Reason is StatusReason.Conflict or StatusReason.NotFound ? new Overtaken() : new Failed(what, failure);
}
