using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>Workloads and their revisions as the domain sees them.</summary>
/// <param name="key">Tells SchemaGate's own records from anyone else's.</param>
internal sealed class WorkloadReader(SealKey key)
{
    /// <summary>When nobody was asked.</summary>
    public UnaskedTimes Unasked { get; init; } = new();

    public Workload Read(Deployment deployment)
    {
        string template = deployment.Template.Hash;
        IDictionary<string, string> annotations = deployment.Metadata.Annotations;
        return new(
            IsTrue(deployment.Metadata.Labels, Names.Gated),
            deployment.Template.Gated,
            deployment.Paused,
            IsTrue(annotations, Names.Paused),
            template,
            deployment.Template.Requires,
            HoldOf(deployment.Metadata, template),
            Record(deployment.Metadata, template),
            annotations.ContainsKey(Names.Released) && Record(deployment.Metadata, template) is null)
        {
            Brake = deployment.IsRollout ? Brake.Refusal : Brake.Birth,
            HoldsPods = deployment.Template.HoldsPods,
            Recreates = deployment.Recreates,
            Wanted = deployment.Wanted,
            HistoryLimit = deployment.IsRollout ? null : deployment.HistoryLimit,
            Reported = deployment.Pods,
        };
    }

    /// <summary>
    /// One whose pods are asked about may have been born without a release, and have none but pods that wait: that it runs says its
    /// record, or pods that do not.
    /// </summary>
    /// <param name="replicaSet">The ReplicaSet.</param>
    /// <param name="hasPods">Whether it is known to have a pod that does not wait.</param>
    public Revision Read(ReplicaSet replicaSet, bool hasPods = false)
    {
        Workload born = ReadBirth(replicaSet);
        bool runs = replicaSet.Runs && (!born.HoldsPods || hasPods || born.WasLetThrough);
        return new(replicaSet.Metadata.Name!, born.Template, born.Requires, runs, born.Record)
        {
            Pods = replicaSet.Pods,
            Made = replicaSet.Metadata.CreationTimestamp ?? default,
            Number = replicaSet.Revision,
            Unasked = Unasked.Cover(replicaSet.Metadata.CreationTimestamp),
        };
    }

    public Workload Read(PodSet set)
    {
        string template = set.Template.Hash;
        IDictionary<string, string> annotations = set.Metadata.Annotations;
        RevisionRecord? record = Record(set.Metadata, template);
        return new(
            IsTrue(set.Metadata.Labels, Names.Gated), set.Template.Gated, Paused: false, PauseAsked: false, template, set.Template.Requires,
            HoldOf(set.Metadata, template), record, annotations.ContainsKey(Names.Released) && record is null)
        {
            Brake = set.Brake,
            HoldsPods = set.Template.HoldsPods,
            Partition = set.Partition,
        };
    }

    /// <summary>Whether it runs is not its own to say.</summary>
    public Revision Read(ControllerRevision revision) => new(
        revision.Metadata.Name!, revision.Template.Hash, revision.Template.Requires, Active: false,
        Record(revision.Metadata, revision.Template.Hash))
    {
        Unasked = Unasked.Cover(revision.Metadata.CreationTimestamp),
    };

    /// <summary>A ReplicaSet that is being born, as a workload: its controller has copied the Deployment's annotations to it.</summary>
    public Workload ReadBirth(ReplicaSet replicaSet)
    {
        string template = replicaSet.Template.Hash;
        return new(
            Gated: true, replicaSet.Template.Gated, Paused: false, PauseAsked: false, template, replicaSet.Template.Requires,
            HoldOf(replicaSet.Metadata, template), Record(replicaSet.Metadata, template))
        {
            HoldsPods = replicaSet.Template.HoldsPods,
        };
    }

    /// <summary>A pod of a ReplicaSet, as a workload: with that one's record, if it requires the same.</summary>
    public Workload ReadPod(Pod pod, ReplicaSet replicaSet) => pod.Requires == replicaSet.Template.Requires
        ? ReadPod(pod) with { Template = replicaSet.Template.Hash, Record = Record(replicaSet.Metadata, replicaSet.Template.Hash) }
        : ReadPod(pod);

    /// <summary>
    /// A pod of a set, as a workload: with the records of the revision that it is of, if it requires what that one does. Whoever makes a
    /// pod by hand may copy a hash.
    /// </summary>
    public Workload ReadPod(Pod pod, PodSet set, ControllerRevision revision) => pod.Requires == revision.Template.Requires
        ? ReadPod(pod) with
        {
            Template = revision.Template.Hash,
            Record = Record(revision.Metadata, revision.Template.Hash) ?? Record(set.Metadata, revision.Template.Hash),
        }
        : ReadPod(pod);

    /// <summary>A pod that stands for itself. It has no revision, so there is no record of one.</summary>
    public static Workload ReadPod(Pod pod) => ReadPod(pod.Requires);

    public static Workload ReadPod(string? requires) => new(
        Gated: true, TemplateGated: true, Paused: false, PauseAsked: false, Template: "", requires, Hold: null, Record: null);

    /// <summary>
    /// Whether a ReplicaSet is, or will become, the Deployment's: its controller, or none yet (a Deployment that was deleted without
    /// its pods and is created again takes them back).
    /// </summary>
    public static bool IsOf(ReplicaSet replicaSet, Deployment deployment) =>
        replicaSet.Metadata.OwnerReferences.FirstOrDefault(owner => owner.Controller ?? false) is not { } controller
        || controller.Uid == deployment.Metadata.Uid;

    /// <summary>The gates that an annotation names; empty where it names none that can be read.</summary>
    public static IEnumerable<string> Gates(string? requires) => Requirement.Parse(requires, out _).Select(requirement => requirement.Gate);

    /// <summary>What is noted, by the template's name as it is now: an earlier version's is shorter.</summary>
    private static Hold? HoldOf(V1ObjectMeta metadata, string template)
    {
        Hold? hold = Hold.FromJson(metadata.Annotations.Find(Names.Hold));
        return hold is not null && TemplateHash.IsOf(hold.Template, template) ? hold with { Template = template } : hold;
    }

    private RevisionRecord? Record(V1ObjectMeta metadata, string template) =>
        key.Seal.Read(metadata.NamespaceProperty ?? "", metadata.Annotations.Find(Names.Released), template);

    private static bool IsTrue(IDictionary<string, string> values, string name) => values.Find(name) == "true";
}
