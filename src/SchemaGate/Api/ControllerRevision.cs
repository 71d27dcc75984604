using System.Text.Json;
using k8s.Models;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Api;

/// <summary>What decisions need of a ControllerRevision, one revision of a StatefulSet or DaemonSet: a patch with its template.</summary>
internal sealed record ControllerRevision : IMetadata<V1ObjectMeta>
{
    public static ResourceType<ControllerRevision> Resource { get; } = new(
        "apps", "v1", "ControllerRevision", "controllerrevisions", Namespaced: true, Read,
        _ => throw new NotSupportedException("a ControllerRevision is changed by a patch: this is only a part of it"));

    /// <summary>Of a pod: which revision it is. A StatefulSet's says the whole name, a DaemonSet's what follows its own.</summary>
    public const string HashLabel = "controller-revision-hash";

    public required V1ObjectMeta Metadata { get; set; }

    public required TemplateFacts Template { get; init; }

    /// <summary>It counts up; a revision that is gone back to gets a new one.</summary>
    public int Number { get; init; }

    /// <summary>The name of the revision that a pod says it is of; null where it says none.</summary>
    public static string? NameOf(Pod pod, PodSet set) => pod.Metadata.Labels.Find(HashLabel) switch
    {
        null => null,
        var hash when set.Type == PodSet.StatefulSets => hash,
        var hash => $"{set.Metadata.Name}-{hash}",
    };

    /// <summary>What its pods say, as <see cref="NameOf"/> reads it.</summary>
    public string HashIn(PodSet set) => set.Type == PodSet.StatefulSets
        ? Metadata.Name!
        : Metadata.Name![Math.Min(set.Metadata.Name!.Length + 1, Metadata.Name.Length)..];

    private static ControllerRevision Read(JsonElement json) => new()
    {
        Metadata = RawMetadata.Of(json),
        Template = TemplateFacts.Of(json.Member("data").Member("spec").Member("template")),
        Number = json.Member("revision").Number(),
    };
}
