using SchemaGate.Tests.Gates.Model;

namespace SchemaGate.Tests.Gates.SetModel;

/// <summary>One StatefulSet or DaemonSet, its revisions and their pods, and what caches say of them.</summary>
/// <param name="spec">As it is first stored.</param>
/// <param name="kept">How many revisions without pods are kept (<c>revisionHistoryLimit</c>).</param>
internal sealed class SetCluster(SetSpec spec, int kept)
{
    /// <summary>More than it is ever scaled to.</summary>
    public const int Places = 6;

    private readonly List<SetRevision> revisions = [];

    public SetSpec Spec { get; private set; } = spec;

    public SetStatus Status { get; private set; }

    /// <summary>The set's resourceVersion.</summary>
    public int Version { get; private set; }

    public SetPod?[] Pods { get; } = new SetPod?[Places];

    /// <summary>In the order of their numbers.</summary>
    public IReadOnlyList<SetRevision> Revisions => revisions;

    /// <summary>A pod that is made while no node is up does not start.</summary>
    public bool IsNodeDown { get; set; }

    public DateTimeOffset Now { get; set; } = Given.Now;

    public int Running
    {
        get
        {
            int running = 0;
            foreach (SetPod? pod in Pods)
            {
                running += pod is { IsRunning: true } ? 1 : 0;
            }

            return running;
        }
    }

    public SetView View => new(Spec, Status, Version, [.. revisions], [.. Pods.OfType<SetPod>().Where(pod => pod.IsHeld).Select(Seen)]);

    public SetRevision? Find(int template) => revisions.Find(revision => revision.Template == template);

    public bool Runs(int template) => Array.Exists(Pods, pod => pod is { IsHeld: false } && pod.Template == template);

    public void Write(SetSpec spec)
    {
        Spec = spec;
        Version++;
    }

    public void Write(SetStatus status)
    {
        Status = status;
        Version++;
    }

    /// <summary>Writes a revision in place of the one of its template.</summary>
    public void Write(SetRevision revision)
    {
        revisions.RemoveAll(known => known.Template == revision.Template);
        revisions.Add(revision);
        revisions.Sort((left, right) => left.Number - right.Number);
    }

    /// <summary>
    /// The revision of a spec's template, as both controllers find or make it: with the set's annotations where it is made; the latest.
    /// </summary>
    /// <returns>Whether anything was written.</returns>
    public bool Revise(SetSpec spec)
    {
        int last = revisions.Count == 0 ? 0 : revisions[^1].Number;
        SetRevision? found = Find(spec.Template);
        if (found is not null && found.Number == last)
        {
            return false;
        }

        Write(found is null
            ? new(spec.Template, last + 1, spec.Released, Version: 0)
            : found with { Number = last + 1, Version = found.Version + 1 });
        return true;
    }

    /// <summary>Revisions that neither the set nor a pod names are deleted, the oldest first.</summary>
    public void Truncate(int? current, int update)
    {
        List<SetRevision> idle = revisions.FindAll(revision => revision.Template != current && revision.Template != update
            && !Array.Exists(Pods, pod => pod?.Template == revision.Template));
        foreach (SetRevision revision in idle.Take(idle.Count - kept))
        {
            revisions.Remove(revision);
        }
    }

    /// <summary>Pods start where a node is up and nothing holds them.</summary>
    /// <returns>Whether anything changed.</returns>
    public bool RunPods(Action<int, SetPod> started)
    {
        bool changed = false;
        for (int place = 0; place < Pods.Length && !IsNodeDown; place++)
        {
            if (Pods[place] is { IsHeld: false, IsRunning: false } pod)
            {
                pod.IsRunning = true;
                pod.Version++;
                started(place, pod);
                changed = true;
            }
        }

        return changed;
    }

    public override string ToString() =>
        $"{Spec} says {ModelVersions.Name(Status.Current ?? 0)}→{ModelVersions.Name(Status.Update ?? 0)} | "
        + $"{string.Join(" ; ", revisions)} | " + string.Join(", ", Pods.Select(pod => pod?.ToString() ?? "-"));

    private static (SetPod Pod, int Version) Seen(SetPod pod) => (pod, pod.Version);
}

/// <summary>What a cache says of a set.</summary>
/// <param name="Held">Its pods that are held, with their versions.</param>
internal sealed record SetView(
    SetSpec Spec, SetStatus Status, int Version, IReadOnlyList<SetRevision> Revisions, IReadOnlyList<(SetPod Pod, int Version)> Held)
{
    public SetRevision? Find(int template) => Revisions.FirstOrDefault(revision => revision.Template == template);
}

/// <summary>A cache of a cluster, which may be behind.</summary>
internal sealed class SetCache(SetCluster cluster)
{
    private SetView? behind;

    public SetView View => behind ?? cluster.View;

    public bool IsBehind => behind is not null;

    /// <summary>Nothing reaches it until it is caught up.</summary>
    public void Stop() => behind ??= cluster.View;

    public void CatchUp() => behind = null;
}
