using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator.Running;

/// <summary>What makes the pods of one revision: a ReplicaSet, a StatefulSet or a DaemonSet by one of its revisions, a Job.</summary>
/// <param name="Word">As people name it: <c>deployment/shop revision 4</c>.</param>
/// <param name="Maker">As its pods name it.</param>
/// <param name="Hash">What its pods carry as <c>controller-revision-hash</c>; null where they carry none.</param>
/// <param name="Requires">The annotation of its pods.</param>
internal sealed record CodeMaker(string Word, string Maker, string? Hash, string? Requires)
{
    /// <summary>Null for a Job.</summary>
    public GatedWorkload? Workload { get; init; }

    /// <summary>Whether it makes a pod where it has none.</summary>
    public bool Wants { get; init; }

    public static CodeMaker Of(ReplicaSet replicaSet, GatedWorkload workload) => new(
        replicaSet.Revision is { } number ? $"{workload.Word} revision {number}" : workload.Word,
        $"replicaset/{replicaSet.Metadata.Name}", Hash: null, replicaSet.Template.Requires)
    {
        Workload = workload,
        Wants = replicaSet.Wanted > 0 && replicaSet.Metadata.DeletionTimestamp is null,
    };

    public static CodeMaker OfJob(RawObject job)
    {
        JsonElement spec = job.Content.Member("spec");
        JsonElement conditions = job.Content.Member("status").Member("conditions");
        bool hasEnded = conditions.ValueKind == JsonValueKind.Array && conditions.EnumerateArray().Any(
            condition => condition.Text("type") is "Complete" or "Failed" or "FailureTarget" && condition.Text("status") == "True");
        string word = $"job/{job.Metadata.Name}";
        return new(word, word, Hash: null, spec.Member("template").Member("metadata").Member("annotations").Text(Names.Requires))
        {
            Wants = !hasEnded && job.Metadata.DeletionTimestamp is null
                && spec.Member("suspend").ValueKind != JsonValueKind.True,
        };
    }

    public bool Made(Pod pod) => pod.Maker == Maker && HashOf(pod) == Hash;

    public static string? HashOf(Pod pod) => pod.Metadata.Labels.Find("controller-revision-hash");
}
