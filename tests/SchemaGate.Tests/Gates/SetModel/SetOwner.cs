namespace SchemaGate.Tests.Gates.SetModel;

/// <summary>What a set's owner means it to be, whatever became of it.</summary>
/// <param name="Template">The one that was asked for last, refused or not.</param>
/// <param name="Partition">The one that was written last; null where there is none.</param>
internal sealed record SetWish(int Template, int? Partition);

/// <summary>What people and deploy tools do to a set. Each act is a change of its spec.</summary>
internal static class SetOwner
{
    /// <summary>Null where the act does nothing to the spec.</summary>
    /// <param name="step">The act.</param>
    /// <param name="cluster">The set as it is.</param>
    /// <param name="export">An older object; null for none.</param>
    /// <param name="partition">In the owner's own manifest.</param>
    public static Func<SetSpec, SetSpec>? Change(SetStep step, SetCluster cluster, SetSpec? export, int? partition)
    {
        SetSpec spec = cluster.Spec;
        bool isParted = spec is { Kind: SetKind.Stateful, OnDelete: false };
        return step.Act switch
        {
            SetAct.Apply => now => now with { Template = step.Template },
            SetAct.Part when isParted => now => now with { Partition = step.Number },
            SetAct.ApplyParted when isParted => now => now with { Template = step.Template, Partition = step.Number },
            SetAct.Replace => now => now with
            {
                Template = step.Template,
                Partition = partition,
                IsHeld = false,
                Hold = null,
                Released = null,
            },
            SetAct.ReplaceStale when export is not null => now => export with { Replicas = now.Replicas },
            SetAct.GoBack when Running(cluster, step.Number) is { } template => now => now with { Template = template },
            SetAct.Undo when cluster.Revisions.Count > 0 =>
                now => now with { Template = cluster.Revisions[step.Number % cluster.Revisions.Count].Template },
            SetAct.ScaleByApply when spec.Kind == SetKind.Stateful => now => now with { Replicas = step.Number },
            // The API server takes no partition but with a rolling update.
            SetAct.Strategy when spec.Kind == SetKind.Stateful =>
                now => now with { OnDelete = !now.OnDelete, Partition = now.OnDelete ? step.Number : null },
            SetAct.Strategy => now => now with { OnDelete = !now.OnDelete },
            _ => null,
        };
    }

    /// <summary>What the partition is from then on in its owner's eyes.</summary>
    public static int? Partition(SetStep step, SetSpec wanted, int? partition, int? exported) => step.Act switch
    {
        SetAct.Part or SetAct.ApplyParted or SetAct.Strategy => wanted.Partition,
        SetAct.ReplaceStale => exported,
        _ => partition,
    };

    private static int? Running(SetCluster cluster, int number)
    {
        int[] running = [.. cluster.Pods.OfType<SetPod>().Where(pod => pod.IsRunning).Select(pod => pod.Template)];
        return running.Length == 0 ? null : running[number % running.Length];
    }
}
