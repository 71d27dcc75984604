using System.Text.Json;
using k8s.Models;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Api;

/// <summary>What decisions need of a ReplicaSet, one revision of a Deployment.</summary>
internal sealed record ReplicaSet : IMetadata<V1ObjectMeta>
{
    public static ResourceType<ReplicaSet> Resource { get; } = new(
        "apps", "v1", "ReplicaSet", "replicasets", Namespaced: true, Read,
        _ => throw new NotSupportedException("a ReplicaSet is changed by a patch: this is only a part of it"));

    public required V1ObjectMeta Metadata { get; set; }

    public required TemplateFacts Template { get; init; }

    /// <summary>How many pods are asked for.</summary>
    public int Wanted { get; init; }

    /// <summary>How many there are.</summary>
    public int Replicas { get; init; }

    public int Ready { get; init; }

    /// <summary>It has pods, or will.</summary>
    public bool Runs => Wanted > 0 || Replicas > 0;

    private static ReplicaSet Read(JsonElement json)
    {
        JsonElement status = json.Member("status");
        return new()
        {
            Metadata = RawMetadata.Of(json),
            Template = TemplateFacts.Of(json.Member("spec").Member("template")),
            Wanted = json.Member("spec").Member("replicas").Number(),
            Replicas = status.Member("replicas").Number(),
            Ready = status.Member("readyReplicas").Number(),
        };
    }
}
