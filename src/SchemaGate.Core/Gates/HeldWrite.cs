namespace SchemaGate.Core.Gates;

/// <summary>What becomes of a write to a StatefulSet or a DaemonSet whose template is not released.</summary>
public enum HeldWrite
{
    /// <summary>It is written: nothing runs that it would replace, and its pods are held one by one.</summary>
    Pods,

    /// <summary>It is written, with a partition above any ordinal: what runs stays, and comes back as it is.</summary>
    Partition,

    /// <summary>It is refused: what runs could not be made again after it.</summary>
    Refused,
}

/// <summary>Decides it. A function of the objects.</summary>
public static class HeldWrites
{
    /// <param name="workload">The set as it is to become.</param>
    /// <param name="before">As it was; null where it is new.</param>
    /// <param name="wasLetThrough">Whether the template of before was released, or ungated: its pods are to come back.</param>
    /// <param name="isRolling">
    /// Whether some of its pods are of the template of before and some of an older one. A StatefulSet's controller knows two revisions:
    /// with a third, those of the second would come back as the first.
    /// </param>
    /// <param name="revisions">Its revisions, with those that run.</param>
    public static HeldWrite Of(
        Workload workload, Workload? before, bool wasLetThrough, bool isRolling, IReadOnlyList<Revision> revisions)
    {
        bool isSame = before?.Template == workload.Template;
        bool isParted = before?.Hold?.Partition is not null;
        bool keeps = isParted || PauseNeed.Keeps(workload, revisions) || (!isSame && wasLetThrough && revisions.Count > 0);
        return (keeps, workload.Brake, before?.Brake) switch
        {
            (false, _, _) => HeldWrite.Pods,
            // What stands already is nobody's to refuse: it must still be scaled.
            (_, Brake.Refusal, Brake.Refusal) when isSame => HeldWrite.Pods,
            (_, Brake.Partition, Brake.Partition) when isSame || isParted || !isRolling => HeldWrite.Partition,
            _ => HeldWrite.Refused,
        };
    }
}
