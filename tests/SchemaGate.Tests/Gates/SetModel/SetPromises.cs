using SchemaGate.Core.Gates;
using SchemaGate.Tests.Gates.Model;

namespace SchemaGate.Tests.Gates.SetModel;

/// <summary>What SchemaGate promises of sets, beside what became of it.</summary>
internal sealed class SetPromises(
    SetCluster cluster, SetCache controller, SetCluster twin, ModelHistory history, SetAdmission admission, SetPodAdmission pods,
    SetWish wish)
{
    /// <summary>What ran at a place when the partition was raised, or first since then.</summary>
    private readonly int?[] kept = new int?[SetCluster.Places];

    /// <summary>Whether the set's partition was raised when it was last looked at.</summary>
    private bool wasHeld;

    /// <summary>The set's template before its partition was raised: a pod may still have been on its way to it.</summary>
    private int last;

    /// <summary>By template: whether a container of it ever ran.</summary>
    private readonly bool[] ran = new bool[ModelVersions.Templates];

    /// <summary>
    /// By template: whether nothing ran, nor was to come back, when it was written. It waits as a first one does, whatever starts beside.
    /// </summary>
    private readonly bool[] firsts = new bool[ModelVersions.Templates];

    /// <summary>By template: whether it ever was one of <see cref="firsts"/>. While none of it has run it may wait as such.</summary>
    private readonly bool[] begun = new bool[ModelVersions.Templates];

    /// <summary>
    /// By template: whether a pod of it was let go when the set had another already, which is written nowhere but in that pod.
    /// </summary>
    private readonly bool[] late = new bool[ModelVersions.Templates];

    /// <summary>What the leader has come to rest on while it ran.</summary>
    private readonly bool[] noted = new bool[ModelVersions.Templates];

    /// <summary>Whether the database was once restored, or another: since then a record may be contradicted.</summary>
    private bool isContradicted;

    public SetWish Wish { get; private set; } = wish;

    /// <summary>There was none before.</summary>
    public void Created(int template) => firsts[template] = begun[template] = true;

    public void Contradicted() => isContradicted = true;

    /// <summary>A pod is asked for.</summary>
    public SetBirth Ask(int place, int template)
    {
        if (controller.IsBehind || isContradicted)
        {
            // It goes on with what it knows: with a rollout, if that was released. And what is taken back in the middle of a rollout
            // is parted all the same: it stands already.
            kept[place] = null;
        }

        // Below its owner's own partition it comes back as the current one without SchemaGate, too; and so does what was on its way there.
        if (cluster.Spec.IsHeld && place >= (Wish.Partition ?? 0) && template != last
            && !firsts[cluster.Spec.Template] && !firsts[last] && kept[place] is { } known && known != template)
        {
            throw new ModelException(
                "What runs comes back as it was", $"{place} as {ModelVersions.Name(template)}, not {ModelVersions.Name(known)}: {cluster}");
        }

        return pods.Ask(template);
    }

    /// <summary>A pod is deleted to make place for one of another template.</summary>
    public void Replaced(SetPod pod, int template)
    {
        if (pod is { IsRunning: true, IsLate: false } && !firsts[template] && !history.MayRun(template))
        {
            throw new ModelException("What runs makes place for nothing that waits", $"for {ModelVersions.Name(template)}: {cluster}");
        }
    }

    /// <summary>Containers of a pod begin to run.</summary>
    public void Started(int place, SetPod pod)
    {
        if (!history.MayRun(pod.Template))
        {
            throw new ModelException("What was never satisfied never runs", $"{place}: {cluster}");
        }

        ran[pod.Template] = true;
        late[pod.Template] |= pod.IsLate;
        kept[place] ??= pod.Template == cluster.Status.Current ? pod.Template : null;
    }

    /// <summary>After a person's write.</summary>
    /// <param name="wanted">What was sent.</param>
    /// <param name="partition">What its owner means its partition to be.</param>
    /// <param name="isWritten">Whether it was let through.</param>
    /// <param name="before">Its template before.</param>
    /// <param name="wasRunning">Whether a pod of that template ran.</param>
    public void Changed(SetSpec wanted, int? partition, bool isWritten, int before, bool wasRunning)
    {
        Wish = new(wanted.Template, isWritten ? partition : Wish.Partition);
        if (isWritten && before != wanted.Template)
        {
            // Where pods are only made of the newest template, what ran before is not kept once none of it runs.
            bool isNothingKept = wanted.OnDelete || wanted.Kind != SetKind.Stateful
                || (!IsKnown(before) && !(cluster.Status.Current is { } current && IsKnown(current)));
            firsts[wanted.Template] = cluster.Running == 0 && (firsts[before] || isNothingKept);
            begun[wanted.Template] |= firsts[wanted.Template];
        }

        if (admission.IsAlive && wasRunning && (!isWritten || cluster.Spec.Hold is not null))
        {
            throw new ModelException("What runs is gone back to at once", $"{wanted}: {cluster}");
        }
    }

    /// <summary>After each step: partition and label are the owner's, or SchemaGate's with a note of the owner's.</summary>
    public void AskFields()
    {
        SetSpec spec = cluster.Spec;
        bool isKept = spec.Hold?.Partition is { } note
            ? spec.Partition == Pause.AboveAnyOrdinal && note.Value == Wish.Partition && spec.IsHeld
            : spec.Partition == Wish.Partition && !spec.IsHeld;
        if (!isKept)
        {
            throw new ModelException("A partition is its owner's", $"wished {Wish.Partition}: {spec}");
        }

        for (int place = 0; place < kept.Length && wasHeld != spec.IsHeld; place++)
        {
            kept[place] = cluster.Pods[place] is { IsRunning: true } pod && IsToStay(pod) ? pod.Template : null;
        }

        last = spec.IsHeld ? last : spec.Template;
        wasHeld = spec.IsHeld;
    }

    /// <summary>
    /// Whether a pod is to come back as it is while another template waits: not where its controller has not even seen the one before,
    /// and not if it was let go late.
    /// </summary>
    private bool IsToStay(SetPod pod) => !pod.IsLate && (cluster.Status.Update == last || cluster.Status.Current == pod.Template);

    /// <summary>At rest.</summary>
    /// <param name="isLed">Whether there is a leader.</param>
    /// <param name="isLooked">Whether it has looked at everything.</param>
    public void AskAtRest(bool isLed, bool isLooked)
    {
        if (!cluster.IsNodeDown && cluster.Running < twin.Running && Missing(isLed) is { } missing)
        {
            throw new ModelException("No fewer run than without SchemaGate", $"{missing} is missing, twin {twin.Running}: {cluster}");
        }

        foreach (SetPod pod in cluster.Pods.OfType<SetPod>())
        {
            noted[pod.Template] |= isLooked && pod.IsRunning;
        }

        if (isLooked && cluster.Spec.Hold is null && !cluster.IsNodeDown && !cluster.Pods.Any(IsLeftWaiting) && !IsRolledOut())
        {
            throw new ModelException("What is not held rolls out", $"{cluster}");
        }
    }

    public void AskAtEnd()
    {
        if (cluster.Spec.Hold is not null || cluster.Spec.Template != Wish.Template)
        {
            throw new ModelException("At the end nothing is held", $"wished {ModelVersions.Name(Wish.Template)}: {cluster}");
        }

        if (!IsRolledOut() || cluster.Pods.Any(pod => pod is not null && pod.Template != Wish.Template))
        {
            throw new ModelException("At the end the newest revision runs", $"{cluster} | twin {twin}");
        }
    }

    /// <summary>
    /// A release that is taken back before its pods are let go leaves them waiting until it is given again; and a pod that was made anew in
    /// the moment in which its revision was first noted waits for the migrations.
    /// </summary>
    private bool IsLeftWaiting(SetPod? pod) =>
        pod is { IsHeld: true } && (isContradicted || (history.IsAdopted(pod.Template) && !noted[pod.Template]));

    /// <summary>Whether it ran, and the leader has had the time to note it where its release has not.</summary>
    private bool IsKnown(int template) => ran[template] && (noted[template] || !(history.IsAdopted(template) || late[template]));

    /// <summary>The first place without a running pod that there must be; null where each has its reason.</summary>
    private int? Missing(bool isLed)
    {
        for (int place = 0; place < cluster.Spec.Replicas; place++)
        {
            if (cluster.Pods[place] is not { IsRunning: true })
            {
                // What waits in the place of another goes when a leader deletes it.
                if (!MayBeMissing(place) && (isLed || cluster.Pods[place] is not { IsHeld: true }))
                {
                    return place;
                }

                // In order, all others wait for it; and where it was refused, its controller has made no other after it.
                if (cluster.Spec is { Kind: SetKind.Stateful, Parallel: false } || cluster.Pods[place] is null)
                {
                    return null;
                }
            }
        }

        return null;
    }

    private bool MayBeMissing(int place)
    {
        int template = cluster.Pods[place]?.Template
            ?? (place < cluster.Spec.Kept ? cluster.Status.Current ?? cluster.Spec.Template : cluster.Spec.Template);
        // The first revision waits: there is nothing that it would replace.
        return firsts[cluster.Spec.Template]
            // By a partition it is of a first revision still, which waits beside what was let go late.
            || (place < cluster.Spec.Kept && begun[template] && !ran[template])
            // No leader has had the time to note it: it runs since before SchemaGate was there, or was released a moment ago.
            || (ran[template] && !noted[template])
            // The operator was killed before it had told the API server that this one runs.
            || (!admission.IsAlive && !pods.IsUnasked(template))
            // Nothing of it runs any more, and the database that it starts anew in lacks what it needs, or nobody can see that it does not.
            || (isContradicted && !cluster.Runs(template) && !history.IsSeenSatisfied(template));
    }

    /// <summary>Whether all that is to be of the newest template is, and runs.</summary>
    private bool IsRolledOut()
    {
        for (int place = 0; place < cluster.Spec.Replicas; place++)
        {
            bool isRunning = cluster.Pods[place] is { IsRunning: true };
            if (place < cluster.Spec.Kept && !isRunning)
            {
                // By its owner's own partition it is of an older revision, which may wait.
                if (!cluster.Spec.Parallel)
                {
                    return true;
                }
            }
            else if (!isRunning || (!cluster.Spec.OnDelete && place >= cluster.Spec.Kept && !IsNew(cluster.Pods[place]!)))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsNew(SetPod pod) => pod.Template == cluster.Spec.Template;
}
