namespace SchemaGate.Tests.Gates.Model;

/// <summary>What befalls a world, and what people do in it.</summary>
internal sealed partial class ModelWorld
{
    /// <summary>What befalls database, registry, operator and nodes.</summary>
    private bool Befall(ModelStep step)
    {
        switch (step.Act)
        {
            case ModelAct.Migrate:
                database.Applied = Math.Min(database.Applied + 1, ModelVersions.Migrations);
                break;
            case ModelAct.Restore:
                database.Applied = Math.Min(database.Applied, step.Number);
                facts.Contradict();
                promises.Changed();
                break;
            case ModelAct.SwapDatabase:
                database.Which = 1 - database.Which;
                facts.Contradict();
                promises.Changed();
                break;
            case ModelAct.DatabaseOut or ModelAct.DatabaseBack:
                database.IsOut = step.Act == ModelAct.DatabaseOut;
                break;
            case ModelAct.RegistryOut or ModelAct.RegistryBack:
                database.IsRegistryOut = step.Act == ModelAct.RegistryOut;
                break;
            case ModelAct.MoveTag:
                database.Edge = step.Number;
                break;
            case ModelAct.KillOperator or ModelAct.StartOperator:
                admission.IsAlive = step.Act == ModelAct.StartOperator;
                leader.Restart();
                break;
            case ModelAct.NodeDown or ModelAct.NodeUp:
                cluster.IsNodeDown = twin.IsNodeDown = step.Act == ModelAct.NodeDown;
                break;
            default:
                return false;
        }

        history.Learn();
        return true;
    }

    private void Act(ModelStep step)
    {
        switch (step.Act)
        {
            case ModelAct.Export:
                (export, exportWish) = (cluster.Spec, promises.Wish);
                break;
            case ModelAct.Scale:
                promises.Changed();
                cluster.Write(cluster.Spec with { Replicas = step.Number });
                twin.Write(twin.Spec with { Replicas = step.Number });
                break;
            case ModelAct.DeleteReplicaSet when cluster.ReplicaSets.Count > 0:
                ModelReplicaSet deleted = cluster.ReplicaSets[step.Number % cluster.ReplicaSets.Count];
                cluster.ReplicaSets.Remove(deleted);
                twin.ReplicaSets.RemoveAll(replicaSet => replicaSet.Template == deleted.Template);
                promises.Deleted(deleted.Template);
                break;
            case ModelAct.KillPods:
                cluster.ReplicaSets.ForEach(replicaSet => replicaSet.Running = Math.Max(replicaSet.Running - step.Number, 0));
                twin.ReplicaSets.ForEach(replicaSet => replicaSet.Running = Math.Max(replicaSet.Running - step.Number, 0));
                break;
            default:
                Change(step);
                break;
        }
    }

    private void Change(ModelStep step)
    {
        bool isStale = step.Act is ModelAct.ApplyStale or ModelAct.ReplaceStale;
        ModelReplicaSet? undo = cluster.ReplicaSets.Count > 0 ? cluster.ReplicaSets[step.Number % cluster.ReplicaSets.Count] : null;
        // Whether a pause in an old object is its owner's or a hold's cannot be told, where both have been.
        if ((isStale && (exportWish != promises.Wish || export?.Annotations.PauseAsked != cluster.Spec.Annotations.PauseAsked))
            || ModelUser.Change(step, cluster.Spec, export, undo, promises.Wish) is not { } wanted)
        {
            return;
        }

        promises.Changing(wanted);
        if (admission.Write(wanted))
        {
            if (isStale)
            {
                facts.Forget(cluster.Spec.Template);
            }

            promises.Wish = step.Act is ModelAct.Pause || (promises.Wish && step.Act is not ModelAct.Resume);
            gate.Image = cluster.Spec.Template;
            twin.Write(wanted with { Paused = promises.Wish, Annotations = ModelAnnotations.None });
            history.Apply(cluster.Spec.Template);
            facts.Apply();
        }
    }
}
