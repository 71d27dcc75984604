using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>
/// The birth hold: a revision's ReplicaSet is made, whoever makes it, when its requirement is released, and refused before. Its controller
/// writes the refusal into the Deployment's conditions, leaves what runs alone, and tries again. Answered by every replica from the record
/// that the ReplicaSet brings along, or from the caches; without a leader, and without the database.
/// </summary>
/// <param name="client">Tells a Deployment's label, where the caches do not.</param>
/// <param name="view">The gates.</param>
/// <param name="reader">Reads ReplicaSets; a record that SchemaGate did not seal is none.</param>
/// <param name="proofs">What is proved already.</param>
/// <param name="time">Measures the wait for a judgement that is being made.</param>
internal sealed class ReplicaSetAdmission(
    KubernetesClient client, ClusterView view, WorkloadReader reader, BirthProofs proofs, TimeProvider time)
{
    private readonly HeldWords words = new(view);
    private readonly FreshJudgements judgements = new(view, reader, time);

    public async Task<AdmissionResponse> ReviewAsync(AdmissionRequest request, CancellationToken cancellation)
    {
        string ns = request.Namespace ?? "";
        if (request.Object is not { ValueKind: JsonValueKind.Object } value
            || ReplicaSet.Resource.Read(value) is not { Metadata.DeletionTimestamp: null } replicaSet
            || !IsBirth(replicaSet, request.OldObject))
        {
            return request.Allow();
        }

        replicaSet.Metadata.NamespaceProperty = ns;
        if (!view.Watches(ns))
        {
            return request.Deny(ClusterView.Unwatched(ns));
        }

        string? owner = OwnerOf(replicaSet);
        if (ClaimReader.Refusal(request) is { } refusal)
        {
            return request.Deny(refusal);
        }

        if (owner is not null && await ProblemAsync(ns, owner, cancellation) is { } problem)
        {
            return request.Deny(problem);
        }

        Workload workload = reader.ReadBirth(replicaSet);
        HoldOutcome outcome = await DecideAsync(ns, workload, cancellation);
        if (owner is not null && outcome is HoldOutcome.Held { Why: HoldReason.AwaitingDecision })
        {
            workload = await judgements.AwaitAsync(ns, owner, workload, cancellation);
            outcome = HoldDecision.Decide(workload, [], name => view.View(ns, name));
        }

        return outcome switch
        {
            HoldOutcome.Refused { Why: var why } => request.Deny($"{why.Message} ({why.Reason})"),
            HoldOutcome.Held { Why: var why } => request.Deny(words.Refusal(ns, workload, why)),
            _ => request.Allow(),
        };
    }

    private async Task<HoldOutcome> DecideAsync(string ns, Workload workload, CancellationToken cancellation)
    {
        GateView? Gate(string name) => view.View(ns, name);
        HoldOutcome outcome = HoldDecision.Decide(workload, [], Gate);
        return outcome is HoldOutcome.Held
            ? HoldDecision.Decide(await proofs.AddAsync(ns, workload, cancellation), [], Gate)
            : outcome;
    }

    /// <summary>Another template is another revision; and one without pods begins when it is given some.</summary>
    private static bool IsBirth(ReplicaSet replicaSet, JsonElement? before)
    {
        if (before is not { ValueKind: JsonValueKind.Object } old)
        {
            return true;
        }

        ReplicaSet was = ReplicaSet.Resource.Read(old);
        return was.Template.Hash != replicaSet.Template.Hash || (!was.Runs && replicaSet.Runs);
    }

    /// <summary>The Deployment that makes it; null where something else does, or somebody.</summary>
    private static string? OwnerOf(ReplicaSet replicaSet) => replicaSet.Metadata.OwnerReferences.FirstOrDefault(
        owner => owner is { Controller: true, Kind: "Deployment" } && owner.ApiVersion == Deployment.Resource.ApiVersion)?.Name;

    /// <summary>
    /// A ReplicaSet has its template's labels. A Deployment without the label itself is not followed: nobody would judge it, and its
    /// pods would never come.
    /// </summary>
    private async Task<string?> ProblemAsync(string ns, string owner, CancellationToken cancellation) =>
        view.Deployment(ns, owner) is not null
        || await client.FindAsync(Deployment.Resource, ns, owner, cancellation) is not { } deployment
        || deployment.Metadata.Labels.Find(Names.Gated) == "true"
            ? null
            : $"the Deployment {owner} carries the label {Names.Gated} on its pod template alone, so nobody would judge what it "
                + $"requires: label the Deployment {Names.Gated}: \"true\", too, or remove the label from its template.";
}
