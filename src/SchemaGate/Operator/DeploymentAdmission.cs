using System.Text.Json;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>
/// The workload webhook: recomputes the hold of a Deployment at every CREATE and UPDATE, whoever writes and whatever changes. It rests
/// on the caches and the API server only, so it answers with registry and database gone, and without a leader.
/// </summary>
/// <param name="view">Gates and revisions.</param>
/// <param name="username">The operator's own user: its writes are the result of this decision already.</param>
/// <param name="time">The time of a hold.</param>
internal sealed class DeploymentAdmission(ClusterView view, string username, TimeProvider time)
{
    public async Task<AdmissionResponse> ReviewAsync(AdmissionRequest request, CancellationToken cancellation)
    {
        if (request.UserInfo.Username == username || request.Object is not { } now || Read(now) is not { Metadata.DeletionTimestamp: null } deployment)
        {
            return request.Allow();
        }

        // A CREATE with generateName has no namespace in the object's metadata on every server; the request always has.
        deployment = deployment with { Metadata = deployment.Metadata with { Namespace = request.Namespace } };
        Workload? before = request.OldObject is { ValueKind: JsonValueKind.Object } old ? WorkloadReader.Read(Read(old)) : null;
        Workload workload = Claimed(WorkloadReader.Read(deployment), before);
        HoldOutcome outcome = Standing(await DecideAsync(deployment, workload, cancellation), workload, before);
        if (outcome is HoldOutcome.Refused refused)
        {
            return request.Deny($"{refused.Message} ({refused.Reason})");
        }

        JsonPatch patch = WorkloadPatch.Of(deployment, Pause.For(outcome, workload, before, time.GetUtcNow()), workload.Record);
        return request.Allow(patch, outcome is HoldOutcome.Held held ? [Warning(held)] : []);
    }

    /// <summary>
    /// A record is SchemaGate's to write: whatever a client sends, what stood there counts, and only for an unchanged template. A new
    /// object has none; its ReplicaSets may.
    /// </summary>
    private static Workload Claimed(Workload workload, Workload? before) =>
        workload with { Record = workload.Gated && before?.Template == workload.Template ? before.Record : null };

    private async Task<HoldOutcome> DecideAsync(Deployment deployment, Workload workload, CancellationToken cancellation)
    {
        GateView? Gate(string name) => view.View(deployment.Metadata.Namespace!, name);
        HoldOutcome outcome = HoldDecision.Decide(workload, [], Gate);
        return outcome is HoldOutcome.Pass
            ? outcome
            : HoldDecision.Decide(workload, [.. (await view.RevisionsAsync(deployment, cancellation)).Select(WorkloadReader.Read)], Gate);
    }

    /// <summary>A template that stands already cannot be refused any more (scaling it must still work): it is held.</summary>
    private static HoldOutcome Standing(HoldOutcome outcome, Workload workload, Workload? before) =>
        outcome is HoldOutcome.Refused refused && before?.Template == workload.Template
            ? new HoldOutcome.Held(refused.Gate, refused.Reason, refused.Message)
            : outcome;

    private static Deployment Read(JsonElement value) => value.Deserialize(Deployment.Resource.Json)!;

    private static string Warning(HoldOutcome.Held held)
    {
        string text = $"held by SchemaGate ({held.Reason}): {held.Message}";
        return text.Length <= 256 ? text : text[..255] + "…";
    }
}
