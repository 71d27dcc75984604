using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Gates.Model;

/// <summary>The webhooks, step by step as DeploymentAdmission and ReplicaSetAdmission have them.</summary>
internal sealed class ModelAdmission(ModelCluster cluster, ModelJudge judge)
{
    /// <summary>Stands in an annotation that was emptied on purpose: no record, and not left out either.</summary>
    public static readonly RevisionRecord Emptied = new("", []);

    /// <summary>Whether a replica of the operator answers.</summary>
    public bool IsAlive { get; set; } = true;

    /// <summary>Writes the Deployment, whoever asks for it.</summary>
    /// <returns>Whether it was let through.</returns>
    public bool Write(ModelSpec written)
    {
        if (written.Labelled || cluster.Spec.Labelled)
        {
            if (!IsAlive || Reviewed(written, Read(cluster.Spec, cluster.Status)) is not { } reviewed)
            {
                return false;
            }

            written = reviewed;
        }

        if (written != cluster.Spec)
        {
            cluster.Write(written);
        }

        return true;
    }

    /// <summary>What the first apply of a Deployment becomes.</summary>
    public ModelSpec Created(ModelSpec written) => Reviewed(written, before: null)!;

    public static Workload Read(ModelSpec spec, PodCounts reported)
    {
        string template = ModelVersions.Name(spec.Template);
        RevisionRecord? record = Record(spec.Annotations, template);
        return new(
            spec.Labelled, TemplateGated: true, spec.Paused, spec.Annotations.PauseAsked, template, ModelVersions.Requires(spec.Template),
            spec.Annotations.Hold, record, spec.Annotations.Released is not null && record is null)
        {
            Recreates = spec.Recreate,
            Wanted = spec.Replicas,
            Reported = reported,
        };
    }

    public static Revision Read(ModelReplicaSet replicaSet)
    {
        string template = ModelVersions.Name(replicaSet.Template);
        return new(
            RevisionName(replicaSet), template, ModelVersions.Requires(replicaSet.Template), replicaSet.Active,
            Record(replicaSet.Annotations, template))
        {
            Pods = replicaSet.Status,
            Made = DateTime.UnixEpoch.AddSeconds(replicaSet.Number),
            Number = replicaSet.Number,
        };
    }

    public static string RevisionName(ModelReplicaSet replicaSet) => replicaSet.Number.ToString(provider: null);

    public static Revision[] Revisions(ModelCluster cluster) => [.. cluster.ReplicaSets.Select(Read)];

    /// <summary>CREATE of a ReplicaSet: asked with failurePolicy Fail.</summary>
    public bool IsBirthAllowed(ModelReplicaSet replicaSet) => IsAlive && IsAllowed(replicaSet);

    /// <summary>UPDATE of a ReplicaSet by which it is given pods: asked with failurePolicy Ignore.</summary>
    public bool IsStartAllowed(ModelReplicaSet replicaSet) => !IsAlive || IsAllowed(replicaSet);

    private bool IsAllowed(ModelReplicaSet replicaSet)
    {
        if (!cluster.Spec.Labelled)
        {
            return false;
        }

        string template = ModelVersions.Name(replicaSet.Template);
        Workload birth = new(
            Gated: true, TemplateGated: true, Paused: false, PauseAsked: false, template, ModelVersions.Requires(replicaSet.Template),
            replicaSet.Annotations.Hold, Record(replicaSet.Annotations, template));
        return judge.Prove(birth, replicaSet.Template).Outcome is HoldOutcome.Pass;
    }

    /// <summary>Null where it is denied.</summary>
    private ModelSpec? Reviewed(ModelSpec written, Workload? before)
    {
        Workload workload = Continued(written, Read(written, cluster.Status), before);
        Workload asked = workload with { Hold = before?.Hold ?? workload.Hold };
        (HoldOutcome outcome, asked, IReadOnlyList<Revision> revisions) =
            judge.Judge(asked, written.Template, () => Revisions(cluster));
        if (outcome is HoldOutcome.Refused)
        {
            return null;
        }

        Pause pause = PauseOf(outcome, workload, before, revisions);
        return written with
        {
            Paused = pause.Paused,
            Annotations = written.Annotations with { Hold = pause.Hold, Released = asked.Record },
        };
    }

    private Pause PauseOf(HoldOutcome outcome, Workload workload, Workload? before, IReadOnlyList<Revision> revisions)
    {
        bool isPausing = (before?.Hold?.Paused ?? workload.Hold?.Paused) is not null;
        bool isNeeded = outcome is HoldOutcome.Held
            && (PauseNeed.Of(workload, revisions) || (isPausing && PauseNeed.IsStale(workload, revisions)));
        return isNeeded || (before?.Hold ?? workload.Hold) is not null
            ? Pause.For(outcome, workload, before, isNeeded, cluster.Now)
            : new(workload.Paused, Hold: null);
    }

    private static Workload Continued(ModelSpec written, Workload workload, Workload? before)
    {
        bool leftOut = written.Annotations.Released is null && before?.Template == workload.Template;
        RevisionRecord? record = leftOut ? before!.Record : workload.Record;
        return workload with { Record = workload.Gated ? record : null };
    }

    private static RevisionRecord? Record(ModelAnnotations annotations, string template) =>
        annotations.Released is { } record && record.Template == template ? record : null;
}
