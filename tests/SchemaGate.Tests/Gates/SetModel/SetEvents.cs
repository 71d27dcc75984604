using SchemaGate.Tests.Gates.Model;

namespace SchemaGate.Tests.Gates.SetModel;

/// <summary>What befalls a world, and what people do in it.</summary>
internal sealed partial class SetWorld
{
    /// <summary>What befalls database and registry.</summary>
    private bool Befall(SetStep step)
    {
        switch (step.Act)
        {
            case SetAct.Migrate:
                database.Applied = Math.Min(database.Applied + 1, ModelVersions.Migrations);
                break;
            case SetAct.Restore:
                database.Applied = Math.Min(database.Applied, step.Number);
                promises.Contradicted();
                break;
            case SetAct.SwapDatabase:
                database.Which = 1 - database.Which;
                promises.Contradicted();
                break;
            case SetAct.DatabaseOut or SetAct.DatabaseBack:
                database.IsOut = step.Act == SetAct.DatabaseOut;
                break;
            case SetAct.RegistryOut or SetAct.RegistryBack:
                database.IsRegistryOut = step.Act == SetAct.RegistryOut;
                break;
            case SetAct.MoveTag:
                database.Edge = Math.Max(step.Number, 1);
                break;
            default:
                return false;
        }

        history.Learn();
        return true;
    }

    /// <summary>What befalls operator, caches and nodes.</summary>
    private bool BefallOperator(SetStep step)
    {
        switch (step.Act)
        {
            case SetAct.KillOperator or SetAct.StartOperator:
                admission.IsAlive = step.Act == SetAct.StartOperator;
                leader.Restart();
                cache.CatchUp();
                break;
            case SetAct.LeaderOut or SetAct.LeaderBack:
                leader.IsOut = step.Act == SetAct.LeaderOut;
                leader.Restart();
                break;
            case SetAct.CachesStop:
                cache.Stop();
                break;
            case SetAct.CachesCatchUp:
                cache.CatchUp();
                break;
            // One that has said nothing yet would write another first revision than the one that it made.
            case SetAct.ControllerStops when cluster.Status != default:
                controllerCache.Stop();
                twinCache.Stop();
                break;
            case SetAct.ControllerCatchesUp:
                controllerCache.CatchUp();
                twinCache.CatchUp();
                break;
            case SetAct.NodeDown or SetAct.NodeUp:
                cluster.IsNodeDown = twin.IsNodeDown = step.Act == SetAct.NodeDown;
                break;
            default:
                return false;
        }

        return true;
    }

    private void Act(SetStep step)
    {
        switch (step.Act)
        {
            case SetAct.Export:
                export = (cluster.Spec, promises.Wish.Partition);
                break;
            case SetAct.Scale:
                cluster.Write(cluster.Spec with { Replicas = step.Number });
                twin.Write(twin.Spec with { Replicas = step.Number });
                break;
            case SetAct.Drain:
                cluster.Pods[step.Number] = twin.Pods[step.Number] = null;
                break;
            case SetAct.DrainAll:
                Array.Clear(cluster.Pods);
                Array.Clear(twin.Pods);
                break;
            default:
                Change(step);
                break;
        }
    }

    private void Change(SetStep step)
    {
        // Which of two partitions is meant by an old object cannot be told, where both have been the owner's.
        bool isUnclear = step.Act == SetAct.ReplaceStale
            && (export is not { } old || old.Partition != promises.Wish.Partition || old.Spec.OnDelete != cluster.Spec.OnDelete);
        if (isUnclear || SetOwner.Change(step, cluster, export?.Spec, promises.Wish.Partition) is not { } change)
        {
            return;
        }

        SetSpec wanted = change(cluster.Spec);
        int? partition = SetOwner.Partition(step, wanted, promises.Wish.Partition, export?.Partition);
        bool wasRunning = cluster.Pods.Any(pod => pod is { IsRunning: true } && pod.Template == wanted.Template);
        int before = cluster.Spec.Template;
        // It is applied before it is judged: what becomes of it may be decided in the same moment.
        history.Apply(wanted.Template);
        bool isWritten = admission.Write(change);
        if (isWritten)
        {
            gate.Image = wanted.Template;
            history.Learn();
        }

        promises.Changed(wanted, partition, isWritten, before, wasRunning);
        twin.Write(twin.Spec with
        {
            Template = wanted.Template,
            Replicas = wanted.Replicas,
            Partition = partition,
            OnDelete = isWritten ? wanted.OnDelete : twin.Spec.OnDelete,
        });
    }
}
