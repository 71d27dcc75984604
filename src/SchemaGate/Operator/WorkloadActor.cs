using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>Brings workloads to what was decided. Every act is a patch against the object as it was read: repeating it is harmless.</summary>
internal sealed class WorkloadActor(
    KubernetesClient client, ClusterView view, WorkloadPatch patches, Announcer announcer, TimeProvider time)
{
    /// <returns>How many workloads are held after that; null where a write lost a race, so that the step is to be repeated soon.</returns>
    public async Task<int?> ActAsync(ObjectKey gate, IReadOnlyList<GatedDeployment> workloads, Judged judged, CancellationToken cancellation)
    {
        int held = 0;
        bool raced = false;
        foreach (GatedDeployment cached in workloads)
        {
            GatedDeployment gated = cached;
            WorkloadPlan plan = Plan(gate, gated, judged);
            if (plan.Held && gated.Workload.Hold is null)
            {
                // Before anything is held anew, the API server says what runs.
                gated = await view.ReadAsync(cached.Deployment, cancellation);
                plan = Plan(gate, gated, judged);
            }

            held += plan.Held ? 1 : 0;
            raced |= !await ApplyAsync(gated, plan, cancellation);
        }

        return raced ? null : held;
    }

    private WorkloadPlan Plan(ObjectKey gate, GatedDeployment gated, Judged judged)
    {
        Requirement? requirement = Requirement.Parse(gated.Workload.Requires, out _).FirstOrDefault(requirement => requirement.Gate == gate.Name);
        RequirementOutcome? outcome = requirement is null ? null : judged.Outcomes.GetValueOrDefault(requirement.ToString());
        return WorkloadPlan.For(
            gated.Workload, gated.Revisions, gate.Name,
            name => name == gate.Name ? judged.Gate : view.View(gate.Namespace, name),
            outcome, judged.State, time.GetUtcNow());
    }

    private async Task<bool> ApplyAsync(GatedDeployment gated, WorkloadPlan plan, CancellationToken cancellation)
    {
        try
        {
            foreach (WorkloadAction action in plan.Actions)
            {
                await (action switch
                {
                    WorkloadAction.Mark mark => MarkAsync(gated, mark, cancellation),
                    WorkloadAction.Update update => UpdateAsync(gated.Deployment, update, cancellation),
                    _ => throw new InvalidOperationException($"{action.GetType().Name} is not an action on a workload"),
                });
            }

            return true;
        }
        catch (KubernetesException exception) when (exception.Reason is StatusReason.Conflict or StatusReason.Invalid or StatusReason.NotFound)
        {
            announcer.Raced(gated.Deployment, exception);
            return false;
        }
    }

    private Task MarkAsync(GatedDeployment gated, WorkloadAction.Mark mark, CancellationToken cancellation)
    {
        ReplicaSet replicaSet = gated.ReplicaSets.First(replicaSet => replicaSet.Metadata.Name == mark.Revision);
        JsonPatch patch = WorkloadPatch.Guarded(patches.Of(replicaSet, mark.Record), replicaSet.Metadata);
        return client.PatchAsync(ReplicaSet.Resource, replicaSet.Metadata.Namespace, mark.Revision, patch, null, cancellation);
    }

    private async Task UpdateAsync(Deployment deployment, WorkloadAction.Update update, CancellationToken cancellation)
    {
        JsonPatch patch = WorkloadPatch.Guarded(patches.Of(deployment, update.Pause, update.Record), deployment.Metadata);
        await client.PatchAsync(Deployment.Resource, deployment.Metadata.Namespace, deployment.Metadata.Name!, patch, null, cancellation);
        if (update.Change is not null)
        {
            await announcer.DeploymentAsync(deployment, update.Change, cancellation);
        }
    }
}
