using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;

namespace SchemaGate.Operator;

/// <summary>
/// The workload webhook: recomputes the hold of a Deployment at every CREATE and UPDATE, whoever writes and whatever changes. It rests
/// on the caches and the API server only, so it answers with registry and database gone, and without a leader.
/// </summary>
/// <param name="view">Gates and revisions.</param>
/// <param name="reader">Reads workloads; a record that SchemaGate did not seal is none.</param>
/// <param name="patches">Writes them.</param>
/// <param name="time">The time of a hold.</param>
internal sealed class DeploymentAdmission(ClusterView view, WorkloadReader reader, WorkloadPatch patches, TimeProvider time)
{
    /// <summary>Less than the webhook's ten seconds: who asks a replica that is cut off is told so, and can ask another.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<AdmissionResponse> ReviewAsync(AdmissionRequest request, CancellationToken cancellation)
    {
        if (request.Object is not { ValueKind: JsonValueKind.Object } now
            || Read(now, request) is not { Metadata.DeletionTimestamp: null } deployment)
        {
            return request.Allow();
        }

        Workload? before = request.OldObject is { ValueKind: JsonValueKind.Object } old ? reader.Read(Read(old, request)) : null;
        Workload workload = Continued(deployment, reader.Read(deployment), before);
        if (!view.Watches(deployment.Metadata.NamespaceProperty!))
        {
            // What stands already is nobody's to refuse: it must still be scaled.
            return before?.Template == workload.Template
                ? request.Allow()
                : request.Deny(ClusterView.Unwatched(deployment.Metadata.NamespaceProperty!));
        }

        HoldOutcome outcome = Standing(
            await DecideAsync(deployment, workload with { Hold = before?.Hold ?? workload.Hold }, cancellation),
            workload,
            before);
        if (outcome is HoldOutcome.Refused refused)
        {
            return request.Deny($"{refused.Why.Message} ({refused.Why.Reason})");
        }

        Pause pause = Pause.For(outcome, workload, before, time.GetUtcNow());
        return request.Allow(patches.Of(deployment, pause, workload.Record), pause.Hold is { } hold ? [Warning(hold)] : []);
    }

    /// <summary>
    /// A record outlives a write that leaves it out, while the template stays the same. What is there and proves nothing was left so on
    /// purpose: the operator takes a release back by an empty text.
    /// </summary>
    private static Workload Continued(Deployment deployment, Workload workload, Workload? before)
    {
        bool leftOut = !deployment.Metadata.Annotations.ContainsKey(Names.Released) && before?.Template == workload.Template;
        RevisionRecord? record = leftOut ? before!.Record : workload.Record;
        return workload with { Record = workload.Gated ? record : null };
    }

    private async Task<HoldOutcome> DecideAsync(Deployment deployment, Workload workload, CancellationToken cancellation)
    {
        GateView? Gate(string name) => view.View(deployment.Metadata.NamespaceProperty!, name);
        HoldOutcome outcome = HoldDecision.Decide(workload, [], Gate);
        return outcome is HoldOutcome.Pass ? outcome : HoldDecision.Decide(workload, await RevisionsAsync(deployment, cancellation), Gate);
    }

    private async Task<IReadOnlyList<Revision>> RevisionsAsync(Deployment deployment, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = new(Patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return (await view.ReadAsync(deployment, either.Token)).Revisions;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new KubernetesException(
                StatusReason.Timeout,
                $"the API server did not tell SchemaGate within {Patience.TotalSeconds:0} s which revisions there are; try again",
                retryable: true);
        }
    }

    /// <summary>A template that stands already cannot be refused any more (scaling it must still work): it is held.</summary>
    private static HoldOutcome Standing(HoldOutcome outcome, Workload workload, Workload? before) =>
        outcome is HoldOutcome.Refused refused && before?.Template == workload.Template
            ? new HoldOutcome.Held(Gate: null, refused.Why)
            : outcome;

    /// <summary>An object that is being created need not name its namespace; the request does.</summary>
    private static Deployment Read(JsonElement value, AdmissionRequest request)
    {
        Deployment deployment = Deployment.Resource.Read(value);
        deployment.Metadata.NamespaceProperty = request.Namespace;
        return deployment;
    }

    private static string Warning(Hold hold)
    {
        string text = $"held by SchemaGate ({hold.Reason}): {hold.Message}";
        return text.Length <= 256 ? text : text[..255] + "…";
    }
}
