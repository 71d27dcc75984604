using SchemaGate.Core.Gates;

namespace SchemaGate.Cli;

/// <summary>The kinds that a command line names.</summary>
internal enum NamedKind
{
    Gate,
    Deployment,
    Rollout,
    ReplicaSet,
    StatefulSet,
    DaemonSet,
    Job,
    Pod,
}

/// <summary>One object of a namespace as kubectl names it: <c>deployment/shop</c>, <c>deploy/shop</c>.</summary>
internal sealed record ObjectArgument(NamedKind Kind, string Name)
{
    /// <returns>Null for what names none of these; a word without a kind names none.</returns>
    public static ObjectArgument? Read(string text) =>
        text.Split('/') is [var word, var name] && KindOf(word) is { } kind && Requirement.IsName(name) ? new(kind, name) : null;

    private static NamedKind? KindOf(string word) => word switch
    {
        "gate" or "gates" or "sg" or "schemagate" or "schemagates" or "schemagates.schemagate.dev" => NamedKind.Gate,
        "deploy" or "deployment" or "deployments" or "deployment.apps" or "deployments.apps" => NamedKind.Deployment,
        "ro" or "rollout" or "rollouts" or "rollout.argoproj.io" or "rollouts.argoproj.io" => NamedKind.Rollout,
        "rs" or "replicaset" or "replicasets" or "replicaset.apps" or "replicasets.apps" => NamedKind.ReplicaSet,
        "sts" or "statefulset" or "statefulsets" or "statefulset.apps" or "statefulsets.apps" => NamedKind.StatefulSet,
        "ds" or "daemonset" or "daemonsets" or "daemonset.apps" or "daemonsets.apps" => NamedKind.DaemonSet,
        "job" or "jobs" or "job.batch" or "jobs.batch" => NamedKind.Job,
        "po" or "pod" or "pods" => NamedKind.Pod,
        _ => null,
    };
}
