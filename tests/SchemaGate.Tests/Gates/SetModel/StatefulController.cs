namespace SchemaGate.Tests.Gates.SetModel;

/// <summary>
/// The StatefulSet controller, by the rules of <c>pkg/controller/statefulset/stateful_set_control.go</c>. A pod that is deleted is gone at
/// once, and none fails.
/// </summary>
internal sealed class StatefulController(SetCluster cluster, SetCache cache, SetHooks hooks) : SetController(cluster, cache, hooks)
{
    private SetSpec spec = cluster.Spec;
    private SetStatus next;

    protected override SetStatus Work(SetView seen)
    {
        spec = seen.Spec;
        // Where nothing of the current revision is known, the history begins anew.
        int current = seen.Status.Current is { } known && Cluster.Find(known) is not null ? known : spec.Template;
        next = Counted(current);
        if (Fill() && Shrink() && !spec.OnDelete)
        {
            Roll();
        }

        return Completed(next);
    }

    private SetStatus Counted(int current)
    {
        SetStatus counted = new(current, spec.Template, 0, 0, 0, 0, 0);
        foreach (SetPod pod in Cluster.Pods.OfType<SetPod>())
        {
            counted = counted with { Replicas = counted.Replicas + 1, Ready = counted.Ready + (pod.IsRunning ? 1 : 0) };
            counted = Counted(counted, pod, 1);
        }

        return counted;
    }

    private static SetStatus Counted(SetStatus status, SetPod pod, int change) => status with
    {
        CurrentReplicas = status.CurrentReplicas + (pod.Template == status.Current ? change : 0),
        UpdatedReplicas = status.UpdatedReplicas + (pod.Template == status.Update ? change : 0),
    };

    /// <summary>Makes what is missing, in order, each of the revision of its ordinal.</summary>
    /// <returns>Whether there is anything to do after it.</returns>
    private bool Fill()
    {
        for (int ordinal = 0; ordinal < spec.Replicas; ordinal++)
        {
            if (Cluster.Pods[ordinal] is null)
            {
                if (!Make(ordinal, ordinal < spec.Kept ? next.Current!.Value : spec.Template))
                {
                    return false;
                }

                next = Counted(next with { Replicas = next.Replicas + 1 }, Cluster.Pods[ordinal]!, 1);
                if (!spec.Parallel)
                {
                    return false;
                }
            }
            else if (!spec.Parallel && !Cluster.Pods[ordinal]!.IsRunning)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Deletes what is too much, the last first; in order, one that is not ready waits for those before it.</summary>
    private bool Shrink()
    {
        int unready = Array.FindIndex(Cluster.Pods, pod => pod is { IsRunning: false });
        for (int ordinal = Cluster.Pods.Length - 1; ordinal >= spec.Replicas; ordinal--)
        {
            if (Cluster.Pods[ordinal] is not { } pod)
            {
                continue;
            }

            if (!spec.Parallel && !pod.IsRunning && ordinal != unready)
            {
                return false;
            }

            next = Counted(next, pod, -1);
            Delete(ordinal);
            if (!spec.Parallel)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Deletes the last pod that is not of the newest revision, once those after it are ready.</summary>
    private void Roll()
    {
        for (int ordinal = spec.Replicas - 1; ordinal >= spec.Kept; ordinal--)
        {
            SetPod pod = Cluster.Pods[ordinal]!;
            if (pod.Template != spec.Template)
            {
                next = next with { CurrentReplicas = next.CurrentReplicas - 1 };
                Hooks.Replaced(pod, spec.Template);
                Delete(ordinal);
                return;
            }

            if (!pod.IsRunning)
            {
                return;
            }
        }
    }

    /// <summary>None of none is complete, too.</summary>
    private SetStatus Completed(SetStatus status) =>
        !spec.OnDelete && status.UpdatedReplicas == status.Replicas && status.Ready == status.Replicas
            ? status with { Current = status.Update, CurrentReplicas = status.UpdatedReplicas }
            : status;
}
