using SchemaGate.Core.Gates;
using SchemaGate.Tests.Gates.Model;

namespace SchemaGate.Tests.Gates.SetModel;

/// <summary>Sets and revisions as the domain sees them: what WorkloadReader and PodSetView do.</summary>
internal static class SetReader
{
    /// <summary>Stands in an annotation that was emptied on purpose: no record, and not left out either.</summary>
    public static readonly RevisionRecord Emptied = new("", []);

    public static Workload Read(SetSpec spec)
    {
        RevisionRecord? record = Record(spec.Released, spec.Template);
        return Of(spec.Template, record) with
        {
            Hold = spec.Hold,
            StrayRecord = spec.Released is not null && record is null,
            Brake = spec.Kind == SetKind.Stateful && !spec.OnDelete ? Brake.Partition : Brake.Refusal,
            Partition = spec.Partition,
        };
    }

    public static Workload Of(int template, RevisionRecord? record) => new(
        Gated: true, TemplateGated: true, Paused: false, PauseAsked: false, ModelVersions.Name(template), ModelVersions.Requires(template),
        Hold: null, record);

    public static Revision Read(SetRevision revision, bool isActive) => new(
        ModelVersions.Name(revision.Template), ModelVersions.Name(revision.Template), ModelVersions.Requires(revision.Template), isActive,
        Record(revision.Released, revision.Template));

    /// <summary>As the API server has them: what has pods that are not held runs.</summary>
    public static IReadOnlyList<Revision> Live(SetCluster cluster) =>
        [.. cluster.Revisions.Select(revision => Read(revision, cluster.Runs(revision.Template)))];

    /// <summary>As the caches have them: what is released and has pods runs.</summary>
    public static IReadOnlyList<Revision> Cached(SetView view)
    {
        SetProgress progress = view.Status.Progress;
        bool IsActive(SetRevision revision) => Record(view, revision) is not null
            && (progress.PodsOf(ModelVersions.Name(revision.Template)) > 0
                || (view.Status.Scheduled > 0 && view.Spec.Template == revision.Template));
        return [.. view.Revisions.Select(revision => Read(revision, IsActive(revision)))];
    }

    /// <summary>Whether an older revision may run of which the caches cannot tell, as GatedPodSet has it.</summary>
    public static bool IsUnsure(SetView view)
    {
        SetProgress progress = view.Status.Progress;
        return view.Revisions.Any(revision => Record(revision.Released, revision.Template) is null
            && revision.Template != view.Spec.Template && progress.PodsOf(ModelVersions.Name(revision.Template)) > 0);
    }

    /// <summary>A revision's own record, or the set's.</summary>
    public static RevisionRecord? Record(SetView view, SetRevision? revision) => revision is null
        ? null
        : Record(revision.Released, revision.Template) ?? Record(view.Spec.Released, revision.Template);

    private static RevisionRecord? Record(RevisionRecord? written, int template) =>
        written?.Template == ModelVersions.Name(template) ? written : null;
}
