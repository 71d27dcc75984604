using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Operator.Serving;

namespace SchemaGate.Operator;

/// <summary>
/// The birth hold: a revision's ReplicaSet is made, whoever makes it, when its requirement is released, and refused before. Its controller
/// writes the refusal into the Deployment's (or the Rollout's) conditions, leaves what runs alone, and tries again. Answered by every
/// replica from the record that the ReplicaSet brings along, or from the caches; without a leader, and without the database.
/// </summary>
/// <param name="client">Tells a Deployment's label, where the caches do not.</param>
/// <param name="view">The gates.</param>
/// <param name="reader">Reads ReplicaSets; a record that SchemaGate did not seal is none.</param>
/// <param name="judge">Decides, by what is proved already.</param>
/// <param name="questions">Has judged what is refused to somebody who is not judged himself.</param>
/// <param name="time">Measures the wait for a judgement that is being made.</param>
internal sealed class ReplicaSetAdmission(
    KubernetesClient client, ClusterView view, WorkloadReader reader, HoldJudge judge, Questions questions, TimeProvider time)
{
    private readonly HeldWords words = new(view);
    private readonly FreshJudgements judgements = new(reader, time);

    public async Task<AdmissionResponse> ReviewAsync(AdmissionRequest request, CancellationToken cancellation)
    {
        string ns = request.Namespace ?? "";
        if (request.Object is not { ValueKind: JsonValueKind.Object } value
            || ReplicaSet.Resource.Read(value) is not { Metadata.DeletionTimestamp: null } replicaSet
            || !IsBirth(replicaSet, value, request.OldObject))
        {
            return request.Allow();
        }

        replicaSet.Metadata.NamespaceProperty = ns;
        if (view.Unserved(ns) is { } unserved)
        {
            // What was let through before proves it itself: it can be made again with nothing known of its namespace.
            bool isProved = view.Watches(ns) && HoldDecision.Decide(reader.ReadBirth(replicaSet), [], _ => null) is HoldOutcome.Pass;
            return isProved || ClaimReader.IsTakenAway(request) ? request.Allow() : request.Deny(unserved);
        }

        (ResourceType<Deployment> Type, string Name)? owner = OwnerOf(replicaSet);
        if (ClaimReader.Refusal(request) is { } refusal)
        {
            return request.Deny(refusal);
        }

        if (owner is { } known && await ProblemAsync(ns, known.Type, known.Name, cancellation) is { } problem)
        {
            return request.Deny(problem);
        }

        (HoldOutcome outcome, Workload workload) = await judge.ProveAsync(ns, reader.ReadBirth(replicaSet), cancellation);
        // Only what is made is waited for: of what is changed the API server hears the answer within three seconds, or goes on without.
        if (outcome is HoldOutcome.Held { Why: HoldReason.AwaitingDecision } && request is { DryRun: false, OldObject: null })
        {
            workload = owner is { } maker
                ? await judgements.AwaitAsync(() => view.Deployments.Find(ns, maker.Type, maker.Name), workload, cancellation)
                : (await questions.AskAsync(request, $"replicaset/{replicaSet.Metadata.Name}", workload, [], cancellation)).Workload;
            outcome = HoldDecision.Decide(workload, [], name => view.View(ns, name));
        }

        return outcome.Told() switch
        {
            HoldOutcome.Refused { Why: var why } => request.Deny($"{why.Message} ({why.Reason})"),
            // Its pods wait.
            HoldOutcome.Held { By: Enforcement.Pods } => request.Allow(),
            HoldOutcome.Held { Why: var why } => request.Deny(words.Refusal(ns, workload, why)),
            _ => request.Allow(),
        };
    }

    /// <summary>Another template is another revision; and one without pods begins when it is given some.</summary>
    private static bool IsBirth(ReplicaSet replicaSet, JsonElement value, JsonElement? before)
    {
        if (before is not { ValueKind: JsonValueKind.Object } old)
        {
            return true;
        }

        ReplicaSet was = ReplicaSet.Resource.Read(old);
        // By the name of its content a Rollout's is another than nobody's, and is the same while it is orphaned.
        bool isSame = was.Template.Hash == replicaSet.Template.Hash || TemplateFacts.IsSame(old, value);
        return !isSame || (!was.Runs && replicaSet.Runs);
    }

    /// <summary>What makes it, which is judged itself; null where something else does, or somebody.</summary>
    private static (ResourceType<Deployment> Type, string Name)? OwnerOf(ReplicaSet replicaSet) => replicaSet.Metadata.OwnerReferences
        .Select(owner => (Type: Deployment.TypeOf(owner), owner.Name)).Where(owner => owner.Type is not null)
        .Select(owner => ((ResourceType<Deployment>, string)?)(owner.Type!, owner.Name)).FirstOrDefault();

    /// <summary>
    /// A ReplicaSet has its template's labels. A Deployment without the label itself is not followed: nobody would judge it, and its
    /// pods would never come. A Rollout may take a Deployment's template, whose label counts then.
    /// </summary>
    private async Task<string?> ProblemAsync(string ns, ResourceType<Deployment> type, string name, CancellationToken cancellation)
    {
        if (view.Deployments.Find(ns, type, name) is not null
            || (type == Deployment.Rollouts && view.Deployments.RolloutsProblem(ns) is not null)
            || await client.FindAsync(type, ns, name, cancellation) is not { } owner
            || owner.Metadata.Labels.Find(Names.Gated) == "true")
        {
            return null;
        }

        return owner.TemplateOf is { } other
            ? await ProblemAsync(ns, Deployment.Resource, other, cancellation)
            : $"the {type.Kind} {name} carries the label {Names.Gated} on its pod template alone, so nobody would judge what it "
                + $"requires: label the {type.Kind} {Names.Gated}: \"true\", too, or remove the label from its template.";
    }
}
