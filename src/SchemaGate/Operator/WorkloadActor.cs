using System.Diagnostics;
using k8s.Models;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator;

/// <summary>
/// Brings workloads to what was decided.
/// Every act is a patch against the object as it was read: repeating it is harmless.
/// </summary>
internal sealed class WorkloadActor(
    KubernetesClient client, ClusterView view, WorkloadPatch patches, Announcer announcer, TimeProvider time)
{
    /// <summary>What is forgotten is told once more: of so many at a time, nobody minds.</summary>
    private const int KeptTold = 4096;

    private readonly StaleStatuses stale = new(time);
    private readonly BoundedCache<string, bool> told = new(KeptTold);

    /// <summary>One workload that cannot be written keeps none of the others waiting.</summary>
    public async Task<ActResult> ActAsync(
        ObjectKey gate,
        IReadOnlyList<GatedWorkload> workloads,
        Judged judged,
        CancellationToken cancellation)
    {
        List<string> held = [];
        bool isStale = false;
        StepOutcome outcome = new StepOutcome.Done();
        foreach (GatedWorkload workload in workloads)
        {
            try
            {
                if (await ActAsync(gate, workload, judged, cancellation))
                {
                    held.Add(workload.Word);
                }

                isStale |= stale.IsWatched(workload.Metadata);
            }
            catch (KubernetesException exception)
            {
                if (workload.Workload.Hold is not null)
                {
                    held.Add(workload.Word);
                }

                outcome = outcome is StepOutcome.Done ? StepOutcome.Of(workload.Word, exception) : outcome;
            }
        }

        return new(held, outcome, isStale ? StaleStatuses.Patience : null);
    }

    private async Task<bool> ActAsync(ObjectKey gate, GatedWorkload gated, Judged judged, CancellationToken cancellation)
    {
        WorkloadPlan plan = Plan(gate, gated, judged, isStale: false);
        if (plan.Held || gated.IsUnsure)
        {
            bool isRevived = plan.Actions.OfType<WorkloadAction.Revive>().Any();
            if (gated.Workload.Hold is null || gated.IsUnsure || isRevived || PauseNeed.IsStale(gated.Workload, gated.Revisions))
            {
                // Before anything is held anew, paused or started, the API server says what runs; and where a cache cannot.
                gated = await gated.ReadAsync(view, cancellation);
            }

            plan = Plan(gate, gated, judged, stale.IsLong(gated.Metadata, gated.Workload, gated.Revisions));
        }

        foreach (Revision revision in gated.Unasked.Where(revision => !told.TryGet($"{gated.Metadata.Uid} {revision.Name}", out _)))
        {
            told.Set($"{gated.Metadata.Uid} {revision.Name}", true);
            announcer.Unasked(gated, revision);
        }

        if (!plan.Held)
        {
            stale.Forget(gated.Metadata);
        }

        foreach (WorkloadAction action in plan.Actions)
        {
            await (action switch
            {
                WorkloadAction.Mark mark => gated.MarkAsync(client, patches, mark, cancellation),
                WorkloadAction.Revive revive => ReviveAsync(gated, revive, cancellation),
                WorkloadAction.Update update => UpdateAsync(gated, update, cancellation),
                _ => throw new InvalidOperationException($"{action.GetType().Name} is not an action on a workload"),
            });
        }

        return plan.Held;
    }

    private WorkloadPlan Plan(ObjectKey gate, GatedWorkload gated, Judged judged, bool isStale)
    {
        Requirement? requirement = Requirement.Parse(gated.Workload.Requires, out _)
            .FirstOrDefault(requirement => requirement.Gate == gate.Name);
        RequirementOutcome? outcome = requirement is null ? null : judged.Outcomes.GetValueOrDefault(requirement.ToString());
        return WorkloadPlan.For(
            gated.Workload, gated.Revisions, gate.Name,
            name => name == gate.Name ? judged.Gate : view.View(gate.Namespace, name),
            outcome, judged.State, isStale, time.GetUtcNow());
    }

    private async Task ReviveAsync(GatedWorkload gated, WorkloadAction.Revive revive, CancellationToken cancellation)
    {
        await gated.ReviveAsync(client, revive, cancellation);
        announcer.Revived(gated, revive.Revision);
    }

    private async Task UpdateAsync(GatedWorkload gated, WorkloadAction.Update update, CancellationToken cancellation)
    {
        JsonPatch patch = gated.Patch(patches, update.Pause, update.Record);
        if (update.Record is null && gated.Metadata.Annotations.ContainsKey(Names.Released))
        {
            // A record that is only left out outlives the write; one that is emptied is taken back, and admission removes the rest.
            patch = patch.Add(JsonPatch.PointerTo("metadata", "annotations", Names.Released), "");
        }

        using Activity? activity = Traced(gated, update);
        V1ObjectMeta written = await gated.WriteAsync(client, WorkloadPatch.Guarded(patch, gated.Metadata), cancellation);
        // Admission has the last word; what it turned around is not told.
        if (update.Change is not null && Hold.FromJson(written.Annotations.Find(Names.Hold))?.Reason == update.Pause.Hold?.Reason)
        {
            announcer.Workload(gated, update.Change, update.Pause);
            if (update.Change is HoldOutcome.Pass && gated.Workload.Hold is { } hold)
            {
                Instruments.LetGo(gated.Word.Split('/')[0], time.GetUtcNow() - hold.Since);
            }
        }
    }

    /// <summary>Null for what is neither held nor released by it: only the words are others.</summary>
    private static Activity? Traced(GatedWorkload gated, WorkloadAction.Update update)
    {
        bool isHold = update.Change is HoldOutcome.Held;
        if (!Activities.IsOn
            || (!isHold && update.Change is null && (update.Record is null || gated.Workload.WasLetThrough)))
        {
            return null;
        }

        string[] word = gated.Word.Split('/');
        ActivityContext? rollout = Activities.Parse(gated.Metadata.Annotations.Find(Names.Traceparent));
        Activity? activity = Activities.Act(isHold ? "hold" : "release", rollout).Of(gated.Metadata.NamespaceProperty, word[0], word[1]);
        activity.Because((update.Change as HoldOutcome.Held)?.Why.Reason ?? Reasons.Satisfied);
        return activity;
    }
}

/// <summary>What came of acting on a gate's workloads.</summary>
/// <param name="Held">Those that are held after that, as <c>deployment/NAME</c> or <c>statefulset/NAME</c>.</param>
/// <param name="Outcome">That of the first write that failed, if any did.</param>
/// <param name="Again">When one of them must be looked at again, whatever happens; null where none must.</param>
internal sealed record ActResult(IReadOnlyList<string> Held, StepOutcome Outcome, TimeSpan? Again);
