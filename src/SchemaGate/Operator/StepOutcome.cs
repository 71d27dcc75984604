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

    /// <summary>A write failed for another reason: it is tried again with growing patience.</summary>
    internal sealed record Failed(KubernetesException Why) : StepOutcome;

    public static StepOutcome Of(KubernetesException failure) =>
        failure.Reason is StatusReason.Conflict or StatusReason.NotFound ? new Overtaken() : new Failed(failure);
}
