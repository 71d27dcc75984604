using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Gates.Model;

/// <summary>What SchemaGate promises, beside what became of it.</summary>
internal sealed class ModelPromises(
    ModelCluster cluster, ModelCluster twin, ModelDatabase database, ModelHistory history, ModelFacts facts, ModelAdmission admission)
{
    /// <summary>Whether the leader has come to rest on the database as it is, with all revisions without pods before its eyes.</summary>
    private bool known;

    /// <summary>Whether the leader has come to rest on the Deployment as a person wrote it last, with its revision running.</summary>
    private bool isLooked;

    /// <summary>What was missing of the pods when the hold began, in the middle of a rollout; null while nothing is held.</summary>
    private int? missing;

    /// <summary>What the owner last asked <c>spec.paused</c> to be.</summary>
    public bool Wish { get; set; }

    /// <summary>What the leader has seen is not so any more.</summary>
    public void Changed() => known = false;

    /// <summary>With a ReplicaSet its pods are gone, and what is born in its place starts anew.</summary>
    public void Deleted(int template)
    {
        Changed();
        missing = Missing();
        if (!isLooked)
        {
            // The leader has not brought the record of what runs to the Deployment yet.
            facts.Forget(template);
        }
    }

    public void Looked(bool wrote)
    {
        known = admission.IsAlive && !wrote && !database.IsOut;
        if (known)
        {
            isLooked |= cluster.Find(cluster.Spec.Template)?.Active == true;
            facts.Look();
        }
    }

    /// <summary>Before a person's write: what of the last released revision runs, if the new one is to be held.</summary>
    public void Changing(ModelSpec wanted)
    {
        Changed();
        isLooked = false;
        if (wanted.Template != cluster.Spec.Template || wanted.Labelled != cluster.Spec.Labelled)
        {
            missing = cluster.Spec.Annotations.Hold is not null && missing is not null ? missing : Missing();
        }
    }

    public bool IsBirthAllowed(ModelReplicaSet born) => Seen(born, admission.IsBirthAllowed(born));

    public bool IsStartAllowed(ModelReplicaSet started) => Seen(started, admission.IsStartAllowed(started));

    /// <summary>Containers of a ReplicaSet begin to run.</summary>
    public void Started(ModelReplicaSet replicaSet)
    {
        if (!history.MayRun(replicaSet.Template))
        {
            throw new ModelException("What was never satisfied never runs", $"{replicaSet}");
        }
    }

    /// <summary>At rest.</summary>
    /// <param name="isStuck">Whether the Deployment controller stands still by a fault of its own.</param>
    public void Ask(bool isStuck)
    {
        // Nobody is asked about what is not labelled, so whatever was sent stands there.
        if (!cluster.Spec.Labelled)
        {
            return;
        }

        Hold? hold = cluster.Spec.Annotations.Hold;
        bool isNoted = hold?.Paused is not null;
        if (cluster.Spec.Paused != (isNoted || Wish) && !cluster.Spec.Annotations.PauseAsked)
        {
            throw new ModelException("A pause is its owner's", $"wished {Wish}: {cluster.Spec}");
        }

        if (!admission.IsAlive || cluster.IsNodeDown)
        {
            return;
        }

        if (hold is not null)
        {
            AskHeld();
        }
        else if (!Wish && !isStuck && !IsRolledOut(cluster))
        {
            throw new ModelException("What is not held rolls out", $"{cluster}");
        }
    }

    /// <summary>
    /// Nothing more is lost than was missing in the middle of a rollout when the hold began, and no more runs than is asked for.
    /// </summary>
    private void AskHeld()
    {
        if (cluster.Find(cluster.Spec.Template) is { } current && (current.Active || facts.HasRun(current.Template)))
        {
            throw new ModelException("What runs, or ran, is not held", $"{cluster}");
        }

        if (IsAnyRunnable()
            && cluster.ReplicaSets.Aggregate(default(PodCounts), (sum, replicaSet) => sum + replicaSet.Status) != cluster.Status)
        {
            throw new ModelException("The status is told while the new is held", $"{cluster}");
        }

        int least = cluster.Spec.Replicas - (missing ?? 0);
        if (cluster.Running < least && IsAnyRunnable())
        {
            throw new ModelException("What ran goes on while the new is held", $"{least} asked for, {missing} missing: {cluster}");
        }

        if (cluster.Running > cluster.Spec.Replicas && cluster.ReplicaSets.Count(replicaSet => replicaSet.Active) == 1)
        {
            throw new ModelException("No more runs than is asked for", $"{cluster}");
        }
    }

    public void AskAtEnd()
    {
        ModelSpec spec = cluster.Spec;
        if (spec.Paused != Wish || spec.Annotations.Hold is not null)
        {
            throw new ModelException("At the end nothing is held, and the pause is its owner's", $"wished {Wish}: {spec}");
        }

        if (!Wish && !(IsRolledOut(cluster) && IsRolledOut(twin)))
        {
            throw new ModelException("At the end the newest revision runs", $"{cluster} | twin {twin}");
        }
    }

    /// <summary>A revision without pods that is given some has its migrations, as far as the leader knows.</summary>
    private bool Seen(ModelReplicaSet started, bool isAllowed)
    {
        if (isAllowed && known && admission.IsAlive && !history.IsAdopted(started.Template)
            && !history.IsSatisfied(started.Template))
        {
            throw new ModelException("What a restored database lacks does not start anew", $"{started} with {database.Applied} applied");
        }

        if (!isAllowed && facts.HasRun(started.Template) && admission.IsAlive && cluster.Spec.Labelled)
        {
            throw new ModelException("What ran before passes at once", $"{started}: {cluster}");
        }

        return isAllowed;
    }

    /// <summary>
    /// Whether another revision than the one that is held is there and may run. Two that are to be Recreated Kubernetes does not scale.
    /// </summary>
    private bool IsAnyRunnable() => cluster.ReplicaSets.Count(replicaSet => replicaSet.Active) is var active and > 0
        ? active == 1 || !cluster.Spec.Recreate
        : cluster.ReplicaSets.Exists(admission.IsStartAllowed);

    private static bool IsRolledOut(ModelCluster cluster) => cluster.Running == cluster.Spec.Replicas
        && cluster.Find(cluster.Spec.Template)?.Running == cluster.Spec.Replicas;

    private int Missing()
    {
        int running = 0;
        int desired = 0;
        foreach (ModelReplicaSet replicaSet in cluster.ReplicaSets)
        {
            running += replicaSet.Replicas;
            desired = replicaSet.Replicas > 0 ? replicaSet.Desired : desired;
        }

        return Math.Max(0, desired - running);
    }
}
