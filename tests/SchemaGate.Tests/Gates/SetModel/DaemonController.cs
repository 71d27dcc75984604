namespace SchemaGate.Tests.Gates.SetModel;

/// <summary>
/// The DaemonSet controller, by the rules of <c>pkg/controller/daemon</c> (daemon_controller.go, update.go), with one pod unavailable at
/// a time. Every pod is made from the newest template.
/// </summary>
internal sealed class DaemonController(SetCluster cluster, SetCache cache, SetHooks hooks) : SetController(cluster, cache, hooks)
{
    protected override SetStatus Work(SetView seen)
    {
        SetSpec spec = seen.Spec;
        bool isFull = true;
        for (int node = 0; node < Cluster.Pods.Length; node++)
        {
            if (node < spec.Replicas)
            {
                isFull = isFull && (Cluster.Pods[node] is not null || Make(node, spec.Template));
            }
            else if (Cluster.Pods[node] is not null)
            {
                Delete(node);
            }
        }

        if (isFull && !spec.OnDelete)
        {
            Roll(spec);
        }

        return new() { Scheduled = Cluster.Pods.Count(pod => pod is not null) };
    }

    /// <summary>What is old and does not run goes at once, and one that runs where all others do.</summary>
    private void Roll(SetSpec spec)
    {
        int missing = spec.Replicas - Cluster.Running;
        for (int node = 0; node < spec.Replicas; node++)
        {
            if (Cluster.Pods[node] is { } pod && pod.Template != spec.Template && (!pod.IsRunning || missing++ == 0))
            {
                Hooks.Replaced(pod, spec.Template);
                Delete(node);
            }
        }
    }
}
