using System.Collections.Concurrent;
using System.Diagnostics;
using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator.Pods;

/// <summary>Lets pods go whose requirements are released. One that waits in an init container goes by itself: it loses its label.</summary>
/// <param name="client">Writes.</param>
/// <param name="view">Tells who made a pod.</param>
/// <param name="reader">Reads the records of its revision.</param>
/// <param name="patches">Makes what is written.</param>
/// <param name="announcer">Tells of it.</param>
internal sealed class PodActor(
    KubernetesClient client, ClusterView view, WorkloadReader reader, WorkloadPatch patches, Announcer announcer)
{
    /// <summary>What was told of the pods that a gate holds, by their uid: it goes with them.</summary>
    private readonly ConcurrentDictionary<ObjectKey, Dictionary<string, string>> told = new();

    /// <summary>One pod that cannot be written keeps none of the others waiting.</summary>
    /// <returns>The pods that are held still, and what came of the first write that failed.</returns>
    public async Task<(IReadOnlyList<Pod> Held, StepOutcome Outcome)> ActAsync(
        ObjectKey gate, IReadOnlyList<Pod> pods, Judged judged, CancellationToken cancellation)
    {
        List<Pod> held = [];
        Dictionary<string, string> telling = new(StringComparer.Ordinal);
        StepOutcome outcome = new StepOutcome.Done();
        foreach (Pod pod in pods)
        {
            try
            {
                (string Reason, string Message)? why = Why(gate, pod, judged);
                (bool isSuperseded, bool wasLetThrough) = await OfOwnerAsync(pod, cancellation);
                if (pod.IsPending && (isSuperseded || (wasLetThrough && why is not null)))
                {
                    // It is made again, of another revision or without a wait.
                    await DeleteAsync(pod, cancellation);
                }
                else if (why is null || !pod.IsPending)
                {
                    await ReleaseAsync(pod, cancellation);
                }
                else
                {
                    Tell(gate, pod, why.Value);
                    telling[pod.Metadata.Uid ?? ""] = why.Value.Reason;
                    held.Add(pod);
                }
            }
            catch (KubernetesException exception)
            {
                outcome = outcome is StepOutcome.Done ? StepOutcome.Of($"pod/{pod.Metadata.Name}", exception) : outcome;
            }
        }

        if (telling.Count > 0)
        {
            told[gate] = telling;
        }
        else
        {
            told.TryRemove(gate, out _);
        }

        return (held, outcome);
    }

    private async Task ReleaseAsync(Pod pod, CancellationToken cancellation)
    {
        V1ObjectMeta metadata = pod.Metadata;
        using Activity? activity = Activities.Act("release", Activities.Parse(metadata.Annotations.Find(Names.Traceparent)))
            .Of(metadata.NamespaceProperty, "Pod", metadata.Name);
        activity.Because(Reasons.Satisfied);
        await client.PatchAsync(Pod.Resource, metadata.NamespaceProperty, metadata.Name!, patches.Lifting(pod), null, cancellation);
        announcer.Pod(pod, isHeld: false, Reasons.Satisfied, "Its migrations are applied.");
    }

    /// <summary>
    /// Whether the set that made a pod would make another in its place, and does not come to it: an ordered set waits for this one, and a
    /// set whose pods are replaced when somebody deletes them for that. And whether its revision was let through meanwhile: the next one
    /// of it would not wait.
    /// </summary>
    private async Task<(bool IsSuperseded, bool WasLetThrough)> OfOwnerAsync(Pod pod, CancellationToken cancellation)
    {
        string ns = pod.Metadata.NamespaceProperty ?? "";
        if (await view.Sets.OwnersAsync(pod, ns, cancellation) is { Set: var set, Revision: var revision })
        {
            bool isNewest = set.Template.Hash == revision.Template.Hash;
            return (
                set.Progress.Supersedes(revision.Metadata.Name!, isNewest, pod.Ordinal, set.CurrentBelow),
                reader.ReadPod(pod, set, revision).WasLetThrough);
        }

        return (false, await view.Deployments.OwnerAsync(pod, ns, cancellation) is { } made && reader.ReadPod(pod, made).WasLetThrough);
    }

    /// <summary>It has never run. As it was read: it may have been let go meanwhile.</summary>
    private Task DeleteAsync(Pod pod, CancellationToken cancellation) => client.DeleteAsync(
        Pod.Resource, pod.Metadata.NamespaceProperty, pod.Metadata.Name!,
        new() { Uid = pod.Metadata.Uid, ResourceVersion = pod.Metadata.ResourceVersion }, cancellation);

    /// <summary>What holds a pod; null where every gate that it names lets it go.</summary>
    private (string Reason, string Message)? Why(ObjectKey gate, Pod pod, Judged judged)
    {
        foreach (Requirement requirement in Requirement.Parse(pod.Requires, out _))
        {
            if (requirement.Gate != gate.Name)
            {
                ObjectKey other = new(gate.Namespace, requirement.Gate);
                GateStanding? standing = view.Gate(other) is { } known ? StatusMapping.Standing(known) : null;
                if (VerdictDecision.Decide(requirement, standing, []) is { Released: false } answer)
                {
                    return standing is null ? Missing(other) : (answer.Reason, answer.Message);
                }
            }
            else if (judged.Gate is not { Enforcement: Enforcement.Observe })
            {
                switch (judged.Outcomes.GetValueOrDefault(requirement.ToString()))
                {
                    case null:
                        return Missing(gate);
                    case RequirementOutcome.Closed closed:
                        return (closed.Reason, $"{requirement.Gate}: {closed.Message}");
                }
            }
        }

        return null;
    }

    private (string Reason, string Message) Missing(ObjectKey gate)
    {
        HoldReason missing = view.Unread.WhyMissing(gate);
        return (missing.Reason, missing.Message);
    }

    /// <summary>Once for each reason: a leader that is new tells it once more.</summary>
    private void Tell(ObjectKey gate, Pod pod, (string Reason, string Message) why)
    {
        if (told.GetValueOrDefault(gate)?.GetValueOrDefault(pod.Metadata.Uid ?? "") != why.Reason)
        {
            announcer.Pod(pod, isHeld: true, why.Reason, why.Message);
        }
    }
}
