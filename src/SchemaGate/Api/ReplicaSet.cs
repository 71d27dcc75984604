using System.Globalization;
using System.Text.Json;
using k8s.Models;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Api;

/// <summary>What decisions need of a ReplicaSet, one revision of a Deployment or of a Rollout.</summary>
internal sealed record ReplicaSet : IMetadata<V1ObjectMeta>
{
    public static ResourceType<ReplicaSet> Resource { get; } = new(
        "apps", "v1", "ReplicaSet", "replicasets", Namespaced: true, Read,
        _ => throw new NotSupportedException("a ReplicaSet is changed by a patch: this is only a part of it"));

    /// <summary>The labels by which a Deployment, and a Rollout, tells its ReplicaSets' pods apart.</summary>
    public static IReadOnlyList<string> HashLabels { get; } = ["pod-template-hash", "rollouts-pod-template-hash"];

    /// <summary>The Deployment controller's, on Deployments and on their ReplicaSets: a number that counts up.</summary>
    internal const string RevisionAnnotation = "deployment.kubernetes.io/revision";

    /// <summary>The Deployment controller's, on ReplicaSets: the Deployment's replicas when it was scaled last.</summary>
    internal const string DesiredAnnotation = "deployment.kubernetes.io/desired-replicas";

    public required V1ObjectMeta Metadata { get; set; }

    public required TemplateFacts Template { get; init; }

    /// <summary>How many pods are asked for.</summary>
    public int Wanted { get; init; }

    /// <summary>Those that there are.</summary>
    public PodCounts Pods { get; init; }

    /// <summary>It has pods, or will.</summary>
    public bool Runs => Wanted > 0 || Pods.Replicas > 0;

    /// <summary>Which of its Deployment's revisions it is; null where it is none's, or nobody has counted it yet.</summary>
    public long? Revision => long.TryParse(
        Metadata.Annotations.Find(RevisionAnnotation), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>From the status of a ReplicaSet or of a Deployment.</summary>
    internal static PodCounts CountsOf(JsonElement status) => new(
        status.Member("replicas").Number(), status.Member("readyReplicas").Number(), status.Member("availableReplicas").Number());

    private static ReplicaSet Read(JsonElement json)
    {
        V1ObjectMeta metadata = RawMetadata.Of(json);
        JsonElement template = json.Member("spec").Member("template");
        return new()
        {
            Metadata = metadata,
            Template = metadata.OwnerReferences.Any(owner => Deployment.TypeOf(owner) == Deployment.Rollouts)
                ? TemplateFacts.OfRollout(template)
                : TemplateFacts.Of(template),
            Wanted = json.Member("spec").Member("replicas").Number(),
            Pods = CountsOf(json.Member("status")),
        };
    }
}
