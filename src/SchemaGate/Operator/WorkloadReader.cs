using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>A Deployment and its ReplicaSets as the domain sees them.</summary>
/// <param name="key">Tells SchemaGate's own records from anyone else's.</param>
internal sealed class WorkloadReader(SealKey key)
{
    public Workload Read(Deployment deployment)
    {
        string template = Hash(deployment.Spec.Template);
        IReadOnlyDictionary<string, string> annotations = deployment.Metadata.Annotations;
        return new(
            IsTrue(deployment.Metadata.Labels, Names.Gated),
            PodTemplate.Text(deployment.Spec.Template, "labels", Names.Gated) == "true",
            deployment.Spec.Paused ?? false,
            IsTrue(annotations, Names.Paused),
            template,
            PodTemplate.Text(deployment.Spec.Template, "annotations", Names.Requires),
            Hold.FromJson(annotations.GetValueOrDefault(Names.Hold)),
            Record(deployment.Metadata, template),
            annotations.ContainsKey(Names.Released) && Record(deployment.Metadata, template) is null);
    }

    public Revision Read(ReplicaSet replicaSet)
    {
        string template = Hash(replicaSet.Spec.Template);
        return new(
            replicaSet.Metadata.Name!,
            template,
            PodTemplate.Text(replicaSet.Spec.Template, "annotations", Names.Requires),
            replicaSet.Spec.Replicas is > 0 || replicaSet.Status?.Replicas is > 0,
            Record(replicaSet.Metadata, template));
    }

    /// <summary>
    /// Whether a ReplicaSet is, or will become, the Deployment's: its controller, or none yet (a Deployment that was deleted without
    /// its pods and is created again takes them back).
    /// </summary>
    public static bool IsOf(ReplicaSet replicaSet, Deployment deployment) =>
        replicaSet.Metadata.OwnerReferences.FirstOrDefault(owner => owner.Controller ?? false) is not { } controller
        || controller.Uid == deployment.Metadata.Uid;

    /// <summary>The gates that a Deployment names; empty where it names none that can be read.</summary>
    public static IEnumerable<string> Gates(Deployment deployment) =>
        Requirement.Parse(PodTemplate.Text(deployment.Spec.Template, "annotations", Names.Requires), out _)
            .Select(requirement => requirement.Gate);

    private RevisionRecord? Record(ObjectMeta metadata, string template) =>
        key.Seal.Read(metadata.Namespace ?? "", metadata.Annotations.GetValueOrDefault(Names.Released), template);

    private static string Hash(JsonElement? template) => TemplateHash.Of(template ?? default);

    private static bool IsTrue(IReadOnlyDictionary<string, string> values, string name) => values.GetValueOrDefault(name) == "true";
}
