namespace SchemaGate.Tests.Gates.Model;

/// <summary>
/// The Deployment controller, one sync at a time, by the rules of <c>pkg/controller/deployment</c> (sync.go, rolling.go, recreate.go).
/// </summary>
/// <param name="cluster">What it acts on.</param>
/// <param name="isBirthAllowed">Asked before a ReplicaSet is created.</param>
/// <param name="isStartAllowed">Asked before one without pods is given some.</param>
internal sealed partial class ModelController(
    ModelCluster cluster, Func<ModelReplicaSet, bool> isBirthAllowed, Func<ModelReplicaSet, bool> isStartAllowed)
{
    private bool wrote;

    /// <summary>A ReplicaSet could not be written: the sync ends there, and is tried again.</summary>
    private bool failed;

    /// <returns>Whether anything was written.</returns>
    public bool Sync()
    {
        (wrote, failed) = (false, false);
        ModelSpec spec = cluster.Spec;
        if (spec.Paused || IsScalingEvent())
        {
            ModelReplicaSet? current = Current(isMade: false);
            Scale(spec, current);
        }
        else if (spec.Recreate)
        {
            Recreate(spec);
        }
        else
        {
            Roll(spec);
        }

        if (!failed)
        {
            WriteStatus();
        }

        return wrote;
    }

    /// <summary>
    /// Whether it stands still by its own rules, where it is at rest: it takes for a change of the replicas what it has nothing to do
    /// about, so it never comes to its rollout (the one active ReplicaSet has the size, and notes another; or two are to be Recreated).
    /// </summary>
    public bool IsStuck() => !cluster.Spec.Paused && IsScalingEvent();

    private bool IsScalingEvent()
    {
        Current(isMade: false);
        foreach (ModelReplicaSet replicaSet in cluster.ReplicaSets)
        {
            if (replicaSet.Replicas > 0 && replicaSet.Desired != cluster.Spec.Replicas)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The ReplicaSet of the Deployment's template, with its annotations.</summary>
    private ModelReplicaSet? Current(bool isMade)
    {
        ModelSpec spec = cluster.Spec;
        if (cluster.Find(spec.Template) is { } found)
        {
            ModelAnnotations copied = spec.Annotations.CopiedTo(found.Annotations);
            if (copied != found.Annotations)
            {
                found.Annotations = copied;
                found.Version++;
                wrote = true;
            }

            return found;
        }

        if (!isMade)
        {
            return null;
        }

        ModelReplicaSet born = cluster.Make(spec.Template);
        born.Replicas = spec.Recreate ? spec.Replicas : Grown(spec, born);
        (born.Desired, born.Max) = (spec.Replicas, spec.Replicas + spec.Surge);
        born.Annotations = spec.Annotations;
        if (!isBirthAllowed(born))
        {
            failed = true;
            return null;
        }

        cluster.ReplicaSets.Add(born);
        wrote = true;
        return born;
    }

    private void Roll(ModelSpec spec)
    {
        if (Current(isMade: true) is not { } current || GrowCurrent(spec, current) || failed)
        {
            return;
        }

        ShrinkOld(spec, current);
    }

    /// <summary>The size of the new ReplicaSet within the surge.</summary>
    private int Grown(ModelSpec spec, ModelReplicaSet current)
    {
        int all = current.Replicas;
        foreach (ModelReplicaSet replicaSet in cluster.ReplicaSets)
        {
            all += replicaSet == current ? 0 : replicaSet.Replicas;
        }

        int most = spec.Replicas + spec.Surge;
        return all >= most ? current.Replicas : current.Replicas + Math.Min(most - all, spec.Replicas - current.Replicas);
    }

    private bool GrowCurrent(ModelSpec spec, ModelReplicaSet current) => current.Replicas != spec.Replicas
        && Resize(current, current.Replicas > spec.Replicas ? spec.Replicas : Grown(spec, current));

    private void ShrinkOld(ModelSpec spec, ModelReplicaSet current)
    {
        int all = cluster.ReplicaSets.Sum(replicaSet => replicaSet.Replicas);
        int least = spec.Replicas - spec.Unavailable;
        int most = all - least - (current.Replicas - current.Status.Available);
        if (all == current.Replicas || most <= 0)
        {
            return;
        }

        foreach (ModelReplicaSet old in cluster.ReplicaSets)
        {
            int unhealthy = old == current ? 0 : Math.Min(most, old.Replicas - old.Status.Available);
            if (unhealthy > 0 && Resize(old, old.Replicas - unhealthy))
            {
                most -= unhealthy;
            }
        }

        int spare = cluster.ReplicaSets.Sum(replicaSet => replicaSet.Status.Available) - least;
        foreach (ModelReplicaSet old in cluster.ReplicaSets)
        {
            int fewer = old == current ? 0 : Math.Min(old.Replicas, spare);
            if (fewer > 0 && Resize(old, old.Replicas - fewer))
            {
                spare -= fewer;
            }
        }
    }

    private void Recreate(ModelSpec spec)
    {
        ModelReplicaSet? current = Current(isMade: false);
        bool shrunk = false;
        bool running = false;
        foreach (ModelReplicaSet old in cluster.ReplicaSets)
        {
            shrunk |= old != current && old.Replicas > 0 && Resize(old, 0);
            running |= old != current && old.Running + old.Pending > 0;
        }

        if (!shrunk && !running && !failed && (current ?? Current(isMade: true)) is { } born)
        {
            Resize(born, spec.Replicas);
        }
    }
}
