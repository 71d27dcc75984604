using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Gates.Model;

/// <summary>The annotations of a Deployment or ReplicaSet that matter. A record stands for its sealed text.</summary>
/// <param name="PauseAsked"><see cref="Names.Paused"/>.</param>
internal sealed record ModelAnnotations(Hold? Hold, RevisionRecord? Released, bool PauseAsked)
{
    public static readonly ModelAnnotations None = new(null, null, PauseAsked: false);

    /// <summary>As the Deployment controller copies them: what is there over what was there, and nothing is removed.</summary>
    public ModelAnnotations CopiedTo(ModelAnnotations other) => new(
        Hold ?? other.Hold, Same(Released, other.Released) ? other.Released : Released ?? other.Released, PauseAsked || other.PauseAsked);

    public static bool Same(RevisionRecord? left, RevisionRecord? right) => ReferenceEquals(left, right)
        || (left is not null && right is not null && left.Template == right.Template && left.Releases.SequenceEqual(right.Releases));
}

/// <summary>A Deployment's spec and metadata, as far as they matter.</summary>
internal sealed record ModelSpec(
    int Template, int Replicas, bool Paused, bool Labelled, bool Recreate, int MaxSurge, int MaxUnavailable, ModelAnnotations Annotations)
{
    /// <summary>Of a rolling update: both zero would stand still, and the API server's defaults see to it that they are not.</summary>
    public int Surge => Recreate || Replicas == 0 ? 0 : MaxSurge;

    public int Unavailable => Recreate || Replicas == 0 ? 0 : Math.Min(MaxSurge == 0 && MaxUnavailable == 0 ? 1 : MaxUnavailable, Replicas);

    public override string ToString() =>
        $"{ModelVersions.Name(Template)}×{Replicas}{(Paused ? " paused" : "")}{(Labelled ? "" : " unlabelled")}"
        + (Recreate ? " Recreate" : $" {MaxSurge}/{MaxUnavailable}")
        + (Annotations.Hold is { } hold ? $" hold({hold.Template},{hold.Paused?.ToString() ?? "-"},{hold.Reason})" : "")
        + (Annotations.Released is { } record ? $" released({string.Join(',', record.Releases.Select(one => one.Reason))})" : "")
        + (Annotations.PauseAsked ? " asked" : "");
}

/// <summary>A ReplicaSet with its pods.</summary>
internal sealed class ModelReplicaSet(int number, int template)
{
    /// <summary>Numbers grow with the time of creation.</summary>
    public int Number { get; } = number;

    public int Template { get; } = template;

    public int Replicas { get; set; }

    /// <summary>The annotations desired-replicas and max-replicas.</summary>
    public int Desired { get; set; }

    public int Max { get; set; }

    public ModelAnnotations Annotations { get; set; } = ModelAnnotations.None;

    public int Version { get; set; }

    public int Pending { get; set; }

    /// <summary>Pods whose containers run; they are ready and available.</summary>
    public int Running { get; set; }

    /// <summary>Its pods as its own status says.</summary>
    public PodCounts Status { get; set; }

    public bool Active => Replicas > 0 || Status.Replicas > 0;

    public override string ToString() =>
        $"rs{Number}:{ModelVersions.Name(Template)}×{Replicas}(of {Desired}) runs {Running}+{Pending}"
        + (Annotations.Released is { } record ? $" released({string.Join(',', record.Releases.Select(one => one.Reason))})" : "")
        + (Annotations.Hold is null ? "" : " hold") + (Annotations.PauseAsked ? " asked" : "");
}

/// <summary>One Deployment, its ReplicaSets and their pods.</summary>
internal sealed class ModelCluster(ModelSpec spec)
{
    private int born;

    public ModelSpec Spec { get; set; } = spec;

    /// <summary>The Deployment's pods as its controller last said.</summary>
    public PodCounts Status { get; set; }

    /// <summary>The Deployment's resourceVersion.</summary>
    public int Version { get; set; }

    public List<ModelReplicaSet> ReplicaSets { get; } = [];

    /// <summary>A pod that is made while no node is up stays pending.</summary>
    public bool IsNodeDown { get; set; }

    public DateTimeOffset Now { get; set; } = Given.Now;

    public int Running => ReplicaSets.Sum(replicaSet => replicaSet.Running);

    public ModelReplicaSet? Find(int template)
    {
        foreach (ModelReplicaSet replicaSet in ReplicaSets)
        {
            if (replicaSet.Template == template)
            {
                return replicaSet;
            }
        }

        return null;
    }

    public ModelReplicaSet Make(int template) => new(++born, template);

    public void Write(ModelSpec spec)
    {
        Spec = spec;
        Version++;
    }

    /// <summary>Each ReplicaSet's controller makes and deletes pods, and says so; pods start where a node is up.</summary>
    /// <returns>Whether anything changed.</returns>
    public bool RunPods(Action<ModelReplicaSet> started)
    {
        bool changed = false;
        foreach (ModelReplicaSet replicaSet in ReplicaSets)
        {
            if (replicaSet.Pending > 0 && !IsNodeDown)
            {
                replicaSet.Running += replicaSet.Pending;
                replicaSet.Pending = 0;
                started(replicaSet);
                changed = true;
            }

            changed |= Fit(replicaSet);
            PodCounts counts = new(replicaSet.Running + replicaSet.Pending, replicaSet.Running, replicaSet.Running);
            changed |= counts != replicaSet.Status;
            replicaSet.Status = counts;
        }

        return changed;
    }

    private static bool Fit(ModelReplicaSet replicaSet)
    {
        int missing = replicaSet.Replicas - replicaSet.Running - replicaSet.Pending;
        if (missing > 0)
        {
            replicaSet.Pending += missing;
        }
        else
        {
            int waiting = Math.Min(replicaSet.Pending, -missing);
            replicaSet.Pending -= waiting;
            replicaSet.Running -= -missing - waiting;
        }

        return missing != 0;
    }

    public override string ToString() => $"{Spec} says {Status.Replicas}/{Status.Ready} | {string.Join(" ; ", ReplicaSets)}";
}
