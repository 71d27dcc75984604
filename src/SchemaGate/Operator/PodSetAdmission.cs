using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Operator.Serving;

namespace SchemaGate.Operator;

/// <summary>
/// The webhook of StatefulSets and DaemonSets. What is released is written, with its record. What is not is kept from replacing what
/// runs: by a partition, or by a refusal, which is asked about in the gates' status; a first revision is held pod by pod.
/// </summary>
/// <param name="view">Gates and revisions.</param>
/// <param name="reader">Reads workloads; a record that SchemaGate did not seal is none.</param>
/// <param name="judge">Decides.</param>
/// <param name="questions">Has judged what is refused.</param>
/// <param name="patches">Writes them.</param>
/// <param name="time">The time of a hold.</param>
internal sealed class PodSetAdmission(
    ClusterView view, WorkloadReader reader, HoldJudge judge, Questions questions, WorkloadPatch patches, TimeProvider time)
{
    private readonly HeldWords words = new(view);

    public async Task<AdmissionResponse> ReviewAsync(AdmissionRequest request, CancellationToken cancellation)
    {
        string ns = request.Namespace ?? "";
        if (Read(request.Object, request) is not { Metadata.DeletionTimestamp: null } set)
        {
            return request.Allow();
        }

        PodSet? old = Read(request.OldObject, request);
        Workload? before = old is null ? null : reader.Read(old);
        Workload workload = HoldJudge.Continued(reader.Read(set), before, !set.Metadata.Annotations.ContainsKey(Names.Released));
        if (view.Unserved(ns) is { } unserved)
        {
            return before?.Template == workload.Template || ClaimReader.IsTakenAway(request) ? request.Allow() : request.Deny(unserved);
        }

        if (ClaimReader.Refusal(request) is { } refusal && !await judge.RunsAsync(workload, Revisions, cancellation))
        {
            return request.Deny(refusal);
        }

        HoldJudge.Judgement judgement = await judge.JudgeAsync(
            ns, workload with { Hold = before?.Hold ?? workload.Hold }, Revisions, cancellation);
        return HoldJudge.Standing(judgement.Outcome, workload, before).Told() switch
        {
            HoldOutcome.Refused { Why: var why } => request.Deny($"{why.Message} ({why.Reason})"),
            HoldOutcome.Held held => await HeldAsync(request, new(set, workload, old, before), held, judgement, cancellation),
            var passes => Written(request, new(set, workload, old, before), passes, judgement.Workload.Record, isParted: false),
        };

        async Task<IReadOnlyList<Revision>> Revisions(CancellationToken token) => (await view.Sets.ReadAsync(set, token)).Revisions;
    }

    private async Task<AdmissionResponse> HeldAsync(
        AdmissionRequest request, Write write, HoldOutcome.Held held, HoldJudge.Judgement judgement, CancellationToken cancellation)
    {
        string ns = request.Namespace ?? "";
        bool wasLetThrough = write.Before is { WasLetThrough: true } || (write.Before is not null
            && HoldDecision.Decide(write.Before, judgement.Revisions, name => view.View(ns, name)) is HoldOutcome.Pass);
        bool isRolling = write.Old?.Progress.IsRolling ?? false;
        HeldWrite fate = held.By switch
        {
            Enforcement.Deny when write.Before?.Template != write.Workload.Template => HeldWrite.Refused,
            Enforcement.Pods => HeldWrite.Pods,
            _ => HeldWrites.Of(write.Workload, write.Before, wasLetThrough, isRolling, judgement.Revisions),
        };
        if (fate != HeldWrite.Refused)
        {
            return Written(
                request, write, held, judgement.Workload.Record, fate == HeldWrite.Partition,
                words.Warning(ns, judgement.Workload, held.Why));
        }

        (HoldOutcome outcome, Workload asked) = await questions.AskAsync(
            request, write.Set.Word, judgement.Workload, judgement.Revisions, cancellation);
        return outcome.Told() switch
        {
            HoldOutcome.Pass => Written(request, write, outcome, asked.Record, isParted: false),
            HoldOutcome.Refused { Why: var why } => request.Deny($"{why.Message} ({why.Reason})"),
            HoldOutcome.Held { By: Enforcement.Deny } denied => request.Deny(words.Denial(ns, asked, denied)),
            _ => request.Deny($"{Why(write)} {words.Refusal(ns, asked, held.Why)}"),
        };
    }

    private static string Why(Write write) => write.Before is { Brake: Brake.Partition } && write.Workload.Brake == Brake.Partition
        ? $"{write.Set.Word} is in the middle of a rollout, whose pods could not be made again beside a third revision. Wait for it, "
            + "`kubectl rollout undo` it, or apply this again when its migrations are applied."
        : $"{write.Set.Word} makes its pods from its newest template, so what runs could not be made again. Apply it again when its "
            + "migrations are applied.";

    private AdmissionResponse Written(
        AdmissionRequest request, Write write, HoldOutcome outcome, RevisionRecord? record, bool isParted, string? warning = null)
    {
        Workload workload = write.Workload;
        // A hold without a partition is noted by the leader, with its reason.
        Pause pause = isParted || (write.Before?.Hold ?? workload.Hold) is not null
            ? Pause.For(outcome, workload, write.Before, isParted, time.GetUtcNow())
            : new(workload.Paused, Hold: null) { Partition = workload.Partition };
        return request.Allow(patches.Of(write.Set, pause, record), warning is null ? [] : [warning]);
    }

    private static PodSet? Read(JsonElement? value, AdmissionRequest request)
    {
        if (value is not { ValueKind: JsonValueKind.Object } json)
        {
            return null;
        }

        ResourceType<PodSet> type = request.Kind.Kind == PodSet.DaemonSets.Kind ? PodSet.DaemonSets : PodSet.StatefulSets;
        PodSet set = type.Read(json);
        // An object that is being created need not name its namespace; the request does.
        set.Metadata.NamespaceProperty = request.Namespace;
        return set;
    }

    /// <summary>A set as it is to become, and as it was.</summary>
    private sealed record Write(PodSet Set, Workload Workload, PodSet? Old, Workload? Before);
}
