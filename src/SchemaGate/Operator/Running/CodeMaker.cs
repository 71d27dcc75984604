using System.Text.Json;
using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator.Running;

/// <summary>
/// What makes the pods of one revision: a ReplicaSet, a StatefulSet or a DaemonSet by one of its revisions, a Job, a CronJob.
/// </summary>
/// <param name="Word">As people name it: <c>deployment/shop revision 4</c>.</param>
/// <param name="Maker">As its pods name it.</param>
/// <param name="Hash">What its pods carry as <c>controller-revision-hash</c>; null where they carry none.</param>
/// <param name="Requires">The annotation of its pods.</param>
internal sealed record CodeMaker(string Word, string Maker, string? Hash, string? Requires)
{
    /// <summary>Null for a Job, and for a ReplicaSet that nobody owns who names the gate now.</summary>
    public GatedWorkload? Workload { get; init; }

    /// <summary>A ReplicaSet's.</summary>
    public DateTime? CreatedAt { get; init; }

    /// <summary>The hash of a ReplicaSet's template.</summary>
    public string? Template { get; init; }

    /// <summary>What its pods' sessions are called; null where nobody says.</summary>
    public string? ApplicationName { get; init; }

    /// <summary>Whether it makes a pod where it has none.</summary>
    public bool Wants { get; init; }

    /// <summary>Whether it makes one at a time that nobody knows.</summary>
    public bool IsLater { get; init; }

    /// <param name="replicaSet">The ReplicaSet.</param>
    /// <param name="deployments">What names the gate now, by its UID.</param>
    public static CodeMaker Of(ReplicaSet replicaSet, IReadOnlyDictionary<string, GatedWorkload> deployments)
    {
        V1OwnerReference? owner = replicaSet.Metadata.OwnerReferences.FirstOrDefault(owner => owner.Controller ?? false);
        string made = $"replicaset/{replicaSet.Metadata.Name}";
        string word = owner is null ? made : $"{owner.Kind.ToLowerInvariant()}/{owner.Name}";
        return new(
            replicaSet.Revision is { } number ? $"{word} revision {number}" : word, made, Hash: null, replicaSet.Template.Requires)
        {
            Workload = owner is null ? null : deployments.GetValueOrDefault(owner.Uid),
            CreatedAt = replicaSet.Metadata.CreationTimestamp,
            Template = replicaSet.Template.Hash,
            ApplicationName = replicaSet.Template.ApplicationName,
            Wants = replicaSet.Wanted > 0 && replicaSet.Metadata.DeletionTimestamp is null,
        };
    }

    public static CodeMaker OfJob(RawObject job)
    {
        JsonElement spec = job.Content.Member("spec");
        JsonElement conditions = job.Content.Member("status").Member("conditions");
        bool hasEnded = conditions.ValueKind == JsonValueKind.Array && conditions.EnumerateArray().Any(
            condition => condition.Text("type") is "Complete" or "Failed" or "FailureTarget" && condition.Text("status") == "True");
        return Of(job, "job", spec.Member("template")) with
        {
            Wants = !hasEnded && job.Metadata.DeletionTimestamp is null
                && spec.Member("suspend").ValueKind != JsonValueKind.True,
        };
    }

    /// <summary>Its Jobs make its pods.</summary>
    public static CodeMaker OfCronJob(RawObject cronJob)
    {
        JsonElement spec = cronJob.Content.Member("spec");
        return Of(cronJob, "cronjob", spec.Member("jobTemplate").Member("spec").Member("template")) with
        {
            IsLater = cronJob.Metadata.DeletionTimestamp is null && spec.Member("suspend").ValueKind != JsonValueKind.True,
        };
    }

    /// <summary>A workload that has no pod, and no revision that makes one now.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="makers">What is known to make pods, its own among them.</param>
    public static CodeMaker OfIdle(GatedWorkload workload, IReadOnlyList<CodeMaker> makers)
    {
        bool waits = workload.Workload is not { Hold: null, Paused: false };
        // Scaled up, a Deployment whose template waits has the ReplicaSet of that, or else the one that was made last (see Revival).
        CodeMaker? scaled = waits
            ? makers.Where(maker => ReferenceEquals(maker.Workload, workload) && maker.Template is not null)
                .MaxBy(maker => (maker.Template == workload.Workload.Template, maker.CreatedAt ?? default))
            : null;
        return new(workload.Word, workload.Word, Hash: null, scaled is null ? workload.Template.Requires : scaled.Requires)
        {
            Workload = workload,
            ApplicationName = scaled is null ? workload.Template.ApplicationName : scaled.ApplicationName,
            // One that has just been made has no revision yet.
            IsLater = !workload.Wants || waits,
            Wants = workload.Wants,
        };
    }

    private static CodeMaker Of(RawObject made, string kind, JsonElement template)
    {
        TemplateFacts facts = TemplateFacts.Of(template);
        string word = $"{kind}/{made.Metadata.Name}";
        return new(word, word, Hash: null, facts.Requires) { ApplicationName = facts.ApplicationName };
    }

    public bool Made(Pod pod) => pod.Maker == Maker && HashOf(pod) == Hash;

    public static string? HashOf(Pod pod) => pod.Metadata.Labels.Find("controller-revision-hash");
}
