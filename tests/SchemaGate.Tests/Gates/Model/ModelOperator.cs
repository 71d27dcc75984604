using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Gates.Model;

/// <summary>
/// SchemaGate's leader: what GateReconciler, WorkloadActor and StaleStatuses do, a look at a time. Its writes are tests of the version
/// that was read, and go through admission as everybody's.
/// </summary>
internal sealed class ModelOperator(
    ModelCluster cluster, ModelDatabase database, ModelGate gate, ModelAdmission admission, Func<ModelReplicaSet, bool> isStartAllowed)
{
    /// <summary>As <c>StaleStatuses.Patience</c>.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private DateTimeOffset? staleSince;

    private Look? begun;

    /// <summary>A look whose writes land at once, or do not land at all.</summary>
    /// <returns>Whether anything was written.</returns>
    public bool Reconcile(bool isLost = false)
    {
        begun = null;
        return See() is { } look && !isLost && Land(look);
    }

    /// <summary>A look whose writes land later (<see cref="Finish"/>).</summary>
    public void Begin() => begun = See();

    public bool Finish()
    {
        Look? late = begun;
        begun = null;
        return late is not null && admission.IsAlive && Land(late);
    }

    /// <summary>Another process is the leader from now on.</summary>
    public void Restart() => (begun, staleSince) = (null, null);

    private Look? See()
    {
        if (!admission.IsAlive)
        {
            return null;
        }

        DatabaseState? state = database.Read();
        GateView view = gate.View with { Identity = state?.Identity.ToString() ?? gate.Identity };
        Workload workload = ModelAdmission.Read(cluster.Spec, cluster.Status);
        Revision[] revisions = ModelAdmission.Revisions(cluster);
        GateView? Gate(string name) => name == "shop" ? view : null;

        RequirementOutcome? outcome = null;
        bool isJudged = workload.Gated && HoldDecision.Decide(workload, revisions, Gate) is not HoldOutcome.Pass;
        bool isOwn = ModelVersions.Version(cluster.Spec.Template) == ModelVersions.Version(gate.Image);
        if (isJudged || isOwn)
        {
            outcome = database.Judge(cluster.Spec.Template, gate.Identity, gate.Released, cluster.Now);
        }

        RequirementOutcome own = isOwn ? outcome! : database.Judge(gate.Image, gate.Identity, gate.Released, cluster.Now);
        WorkloadPlan? plan = workload.Gated ? Plan(workload, revisions, Gate, outcome, state) : null;
        IEnumerable<RevisionRecord?> records = workload.Gated
            ? revisions.Select(revision => revision.Record).Append(workload.Record)
            : [];
        IReadOnlyList<Release> released = gate.ReleasedWith(records, [outcome, own], state);
        return new(
            plan, cluster.Spec.Replicas, cluster.Version, [.. cluster.ReplicaSets.Select(replicaSet => (replicaSet, replicaSet.Version))],
            view.Identity, released, gate.Version);
    }

    private WorkloadPlan Plan(
        Workload workload, Revision[] revisions, Func<string, GateView?> gates, RequirementOutcome? outcome, DatabaseState? state)
    {
        WorkloadPlan plan = WorkloadPlan.For(workload, revisions, "shop", gates, outcome, state, isStale: false, cluster.Now);
        if (plan.Held && IsLongStale(workload, revisions))
        {
            plan = WorkloadPlan.For(workload, revisions, "shop", gates, outcome, state, isStale: true, cluster.Now);
        }

        if (!plan.Held)
        {
            staleSince = null;
        }

        return plan;
    }

    private bool IsLongStale(Workload workload, Revision[] revisions)
    {
        if (!PauseNeed.IsStale(workload, revisions))
        {
            staleSince = null;
            return false;
        }

        staleSince ??= cluster.Now;
        return cluster.Now - staleSince >= s_patience || workload.Hold?.Paused is not null;
    }

    private bool Land(Look look)
    {
        bool wrote = look.Plan is not null && Act(look, look.Plan);
        return gate.Write(look.GateVersion, look.Identity, look.Released) | wrote;
    }

    /// <summary>The first write that lost a race ends it.</summary>
    private bool Act(Look look, WorkloadPlan plan)
    {
        bool wrote = false;
        foreach (WorkloadAction action in plan.Actions)
        {
            bool isWritten = action switch
            {
                WorkloadAction.Mark mark => Mark(look, mark),
                WorkloadAction.Revive revive => Revive(look, revive),
                _ => Update(look, (WorkloadAction.Update)action),
            };
            if (!isWritten)
            {
                return wrote;
            }

            wrote = true;
        }

        return wrote;
    }

    private bool Mark(Look look, WorkloadAction.Mark mark)
    {
        if (Found(look, mark.Revision) is not { } replicaSet)
        {
            return false;
        }

        replicaSet.Annotations = replicaSet.Annotations with { Released = mark.Record };
        replicaSet.Version++;
        return true;
    }

    /// <summary>Its webhook is asked, as about everybody's change.</summary>
    private bool Revive(Look look, WorkloadAction.Revive revive)
    {
        if (Found(look, revive.Revision) is not { } replicaSet || !isStartAllowed(replicaSet))
        {
            return false;
        }

        (replicaSet.Replicas, replicaSet.Desired) = (look.Wanted, look.Wanted);
        replicaSet.Version++;
        return true;
    }

    /// <summary>Null where it is not as it was seen.</summary>
    private ModelReplicaSet? Found(Look look, string revision)
    {
        (ModelReplicaSet replicaSet, int version) =
            look.ReplicaSets.First(pair => ModelAdmission.RevisionName(pair.Item1) == revision);
        return version == replicaSet.Version && cluster.ReplicaSets.Contains(replicaSet) ? replicaSet : null;
    }

    private bool Update(Look look, WorkloadAction.Update update)
    {
        if (look.Version != cluster.Version)
        {
            return false;
        }

        ModelSpec spec = cluster.Spec;
        RevisionRecord? record = update.Record ?? (spec.Annotations.Released is null ? null : ModelAdmission.Emptied);
        return admission.Write(spec with
        {
            Paused = update.Pause.Paused,
            Annotations = spec.Annotations with { Hold = update.Pause.Hold, Released = record },
        });
    }

    /// <summary>What the leader saw, and means to do.</summary>
    private sealed record Look(
        WorkloadPlan? Plan, int Wanted, int Version, (ModelReplicaSet, int)[] ReplicaSets, string? Identity,
        IReadOnlyList<Release> Released, int GateVersion);
}
