using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Tests.Gates.Model;

namespace SchemaGate.Tests.Gates.SetModel;

/// <summary>
/// SchemaGate's leader: what GateReconciler, WorkloadActor and PodActor do, a look at a time. Its writes are tests of the version that was
/// read, and go through admission as everybody's.
/// </summary>
internal sealed class SetOperator(
    SetCluster cluster, SetCache cache, ModelDatabase database, ModelGate gate, SetAdmission admission, SetPodAdmission pods)
{
    private Look? begun;

    /// <summary>Whether nobody leads, though replicas answer.</summary>
    public bool IsOut { get; set; }

    public bool IsThere => admission.IsAlive && !IsOut;

    /// <summary>A look whose writes land at once, or do not land at all.</summary>
    /// <returns>Whether anything was written.</returns>
    public bool Reconcile(bool isLost = false)
    {
        begun = null;
        return IsThere && See() is var look && !isLost && Land(look);
    }

    /// <summary>A look whose writes land later (<see cref="Finish"/>).</summary>
    public void Begin() => begun = IsThere ? See() : null;

    public bool Finish()
    {
        Look? late = begun;
        begun = null;
        return late is not null && IsThere && Land(late);
    }

    /// <summary>Tells the API server which pods it need not ask about.</summary>
    public bool Register() => IsThere && pods.Register();

    /// <summary>Another process is the leader from now on.</summary>
    public void Restart() => begun = null;

    private Look See()
    {
        SetView view = cache.View;
        DatabaseState? state = database.Read();
        GateView current = gate.View with { Identity = state?.Identity.ToString() ?? gate.Identity };
        GateView? Gate(string name) => name == "shop" ? current : null;
        Workload workload = SetReader.Read(view.Spec);
        IReadOnlyList<Revision> revisions = SetReader.Cached(view);
        RequirementOutcome?[] outcomes = Outcomes(
            view, isPassing: HoldDecision.Decide(workload, revisions, Gate) is HoldOutcome.Pass);
        WorkloadPlan Plan() => WorkloadPlan.For(
            workload, revisions, "shop", Gate, outcomes[ModelVersions.Version(view.Spec.Template)], state, isStale: false, cluster.Now);

        IReadOnlyList<Release> released = gate.ReleasedWith(
            revisions.Select(revision => revision.Record).Append(workload.Record), outcomes, state);
        IReadOnlyList<SetRevision> seen = view.Revisions;
        WorkloadPlan plan = Plan();
        if ((plan.Held && workload.Hold is null) || SetReader.IsUnsure(view))
        {
            // Before anything is held anew the API server says what runs; and where a cache cannot.
            (revisions, seen) = (SetReader.Live(cluster), [.. cluster.Revisions]);
            plan = Plan();
        }

        return new(plan, view, seen, outcomes, current.Identity, released, gate.Version);
    }

    /// <summary>By version: what is asked for by whatever is not let through as it stands, and by the gate's own image.</summary>
    private RequirementOutcome?[] Outcomes(SetView view, bool isPassing)
    {
        RequirementOutcome?[] outcomes = new RequirementOutcome?[ModelVersions.Last + 1];
        void Judge(int template) => outcomes[ModelVersions.Version(template)] ??=
            database.Judge(template, gate.Identity, gate.Released, cluster.Now);

        if (!isPassing)
        {
            Judge(view.Spec.Template);
        }

        foreach ((SetPod pod, _) in view.Held)
        {
            Judge(pod.Template);
        }

        if (gate.Asked is { } asked)
        {
            Judge(asked);
        }

        Judge(gate.Image);
        return outcomes;
    }

    private bool Land(Look look)
    {
        bool wrote = false;
        foreach (WorkloadAction action in look.Plan.Actions)
        {
            // The first write that lost a race ends it.
            if (!(action is WorkloadAction.Mark mark ? Mark(look, mark) : Update(look, (WorkloadAction.Update)action)))
            {
                break;
            }

            wrote = true;
        }

        foreach ((SetPod pod, int version) in look.View.Held)
        {
            wrote |= Act(look, pod, version);
        }

        if (gate.Asked is { } asked && look.Outcomes[ModelVersions.Version(asked)] is RequirementOutcome.Satisfied)
        {
            gate.Asked = null;
        }

        return gate.Write(look.GateVersion, look.Identity, look.Released) | wrote;
    }

    private bool Mark(Look look, WorkloadAction.Mark mark)
    {
        SetRevision seen = look.Revisions.First(revision => ModelVersions.Name(revision.Template) == mark.Revision);
        if (cluster.Find(seen.Template)?.Version != seen.Version)
        {
            return false;
        }

        cluster.Write(cluster.Find(seen.Template)! with { Released = mark.Record, Version = seen.Version + 1 });
        return true;
    }

    /// <summary>What admission turns around is no write: the object is as it was.</summary>
    private bool Update(Look look, WorkloadAction.Update update)
    {
        int version = cluster.Version;
        return look.View.Version == version && admission.Write(spec =>
            SetAdmission.Patched(spec, update.Pause, update.Record ?? (spec.Released is null ? null : SetReader.Emptied)))
            && cluster.Version != version;
    }

    /// <summary>
    /// Lets a pod go whose requirement is released, and deletes one that is superseded, or whose next one would not wait. Else it stays.
    /// </summary>
    private bool Act(Look look, SetPod pod, int version)
    {
        int place = Array.IndexOf(cluster.Pods, pod);
        if (place < 0 || pod.Version != version)
        {
            return false;
        }

        if (look.Outcomes[ModelVersions.Version(pod.Template)] is RequirementOutcome.Satisfied)
        {
            (pod.IsHeld, pod.IsLate) = (false, IsSuperseded(pod, place));
            pod.Version++;
            return true;
        }

        if (!IsSuperseded(pod, place) && !WasLetThrough(pod))
        {
            return false;
        }

        cluster.Pods[place] = null;
        return true;
    }

    private bool WasLetThrough(SetPod pod)
    {
        SetView view = cache.View;
        return SetReader.Of(pod.Template, SetReader.Record(view, view.Find(pod.Template) ?? cluster.Find(pod.Template))).WasLetThrough;
    }

    private bool IsSuperseded(SetPod pod, int place)
    {
        SetView view = cache.View;
        return view.Status.Progress.Supersedes(
            ModelVersions.Name(pod.Template), view.Spec.Template == pod.Template, place, view.Spec.Partition);
    }

    /// <summary>What the leader saw, and means to do.</summary>
    private sealed record Look(
        WorkloadPlan Plan, SetView View, IReadOnlyList<SetRevision> Revisions, RequirementOutcome?[] Outcomes, string? Identity,
        IReadOnlyList<Release> Released, int GateVersion);
}
