using k8s.Models;

namespace SchemaGate.Operator.Running;

/// <summary>What a Job's conditions say of its end.</summary>
internal static class JobEnd
{
    /// <summary>The condition with which it ended, Complete or Failed; null while it has not.</summary>
    public static V1JobCondition? End(this V1Job job) =>
        job.Find(condition => condition is { Type: "Complete" or "Failed", Status: "True" });

    /// <summary>
    /// The condition with which it is bound to fail, FailureTarget, or null. From Kubernetes 1.31 on, Failed itself comes only once every
    /// pod has ended (Kubernetes documentation, Jobs, "Terminal Job conditions").
    /// </summary>
    public static V1JobCondition? Failing(this V1Job job) => job.Find(condition => condition is { Type: "FailureTarget", Status: "True" });

    private static V1JobCondition? Find(this V1Job job, Func<V1JobCondition, bool> wanted) =>
        job.Status?.Conditions?.FirstOrDefault(wanted);
}
