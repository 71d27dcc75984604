using SchemaGate.Core.Gates;
using SchemaGate.Operator;
using SchemaGate.Tests.Gates.Model;

namespace SchemaGate.Tests.Gates.SetModel;

/// <summary>The webhooks of sets and of their status, step by step as PodSetAdmission and PodSetStatusAdmission have them.</summary>
internal sealed class SetAdmission(SetCluster cluster, ModelJudge judge, ModelGate gate)
{
    /// <summary>Often enough: who writes loses no race for ever.</summary>
    private const int Tries = 3;

    /// <summary>Whether a replica of the operator answers.</summary>
    public bool IsAlive { get; set; } = true;

    /// <summary>Gives the leader a moment to answer what was asked.</summary>
    public Action Wait { get; set; } = () => { };

    /// <summary>What the first apply of a set becomes.</summary>
    public SetSpec Created(SetSpec written) => Reviewed(written, stored: null)!;

    /// <summary>Writes the set, whoever asks for it: a patch, which is made again on an object that was written meanwhile.</summary>
    /// <returns>Whether it was let through.</returns>
    public bool Write(Func<SetSpec, SetSpec> change)
    {
        for (int attempt = 0; attempt < Tries && IsAlive; attempt++)
        {
            int version = cluster.Version;
            SetSpec? reviewed = Reviewed(change(cluster.Spec), cluster.Spec);
            if (version == cluster.Version)
            {
                if (reviewed is not null && reviewed != cluster.Spec)
                {
                    cluster.Write(reviewed);
                }

                return reviewed is not null;
            }
        }

        return false;
    }

    /// <summary>UPDATE of the status: asked about what carries the label, with failurePolicy Fail.</summary>
    public SetStatus? Write(SetStatus status)
    {
        if (!cluster.Spec.IsHeld)
        {
            return status;
        }

        if (!IsAlive)
        {
            return null;
        }

        return cluster.Spec.Hold?.Partition is not null && cluster.Status.Current is { } kept ? status with { Current = kept } : status;
    }

    /// <summary>Null where it is denied.</summary>
    private SetSpec? Reviewed(SetSpec written, SetSpec? stored)
    {
        Workload? before = stored is null ? null : SetReader.Read(stored);
        Workload workload = HoldJudge.Continued(SetReader.Read(written), before, isLeftOut: written.Released is null);
        (HoldOutcome outcome, Workload proved, IReadOnlyList<Revision> revisions) = judge.Judge(
            workload with { Hold = before?.Hold ?? workload.Hold }, written.Template, () => SetReader.Live(cluster));
        return HoldJudge.Standing(outcome, workload, before) switch
        {
            HoldOutcome.Refused => null,
            HoldOutcome.Held held => Held(new(written, workload, before), held, proved, revisions),
            var passes => Written(new(written, workload, before), passes, proved.Record, isParted: false),
        };
    }

    private SetSpec? Held(Review review, HoldOutcome.Held held, Workload proved, IReadOnlyList<Revision> revisions)
    {
        bool wasLetThrough = review.Before is { WasLetThrough: true }
            || (review.Before is not null && judge.Decide(review.Before, revisions) is HoldOutcome.Pass);
        HeldWrite fate = HeldWrites.Of(
            review.Workload, review.Before, wasLetThrough, cluster.Status.Progress.IsRolling, revisions);
        if (fate != HeldWrite.Refused)
        {
            return Written(review, held, proved.Record, fate == HeldWrite.Partition);
        }

        gate.Asked = review.Written.Template;
        Wait();
        Workload asked = judge.Prove(proved, review.Written.Template).Proved;
        return judge.Decide(asked, revisions) is HoldOutcome.Pass passes
            ? Written(review, passes, asked.Record, isParted: false)
            : null;
    }

    private SetSpec Written(Review review, HoldOutcome outcome, RevisionRecord? record, bool isParted)
    {
        (SetSpec written, Workload workload, Workload? before) = review;
        Pause pause = isParted || (before?.Hold ?? workload.Hold) is not null
            ? Pause.For(outcome, workload, before, isParted, cluster.Now)
            : new(workload.Paused, Hold: null) { Partition = workload.Partition };
        return Patched(written, pause, record);
    }

    /// <summary>As WorkloadPatch writes it. The label says that the partition is SchemaGate's.</summary>
    public static SetSpec Patched(SetSpec spec, Pause pause, RevisionRecord? record) => spec with
    {
        // What is taken away, the API server's default takes the place of.
        Partition = pause.Partition ?? (spec is { Kind: SetKind.Stateful, OnDelete: false } ? 0 : null),
        IsHeld = pause.Hold?.Partition is not null,
        Hold = pause.Hold,
        Released = record,
    };

    /// <summary>A set as it is to become, and as it was.</summary>
    private sealed record Review(SetSpec Written, Workload Workload, Workload? Before);
}
