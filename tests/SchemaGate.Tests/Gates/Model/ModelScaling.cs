using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Gates.Model;

/// <summary>What the Deployment controller does in a pause, and when the replicas were changed.</summary>
internal sealed partial class ModelController
{
    private List<ModelReplicaSet> Active() => cluster.ReplicaSets.FindAll(replicaSet => replicaSet.Replicas > 0);

    private void Scale(ModelSpec spec, ModelReplicaSet? current)
    {
        List<ModelReplicaSet> active = Active();
        if (active.Count < 2)
        {
            // Those that are there are in the order of their creation.
            if ((active.Count == 1 ? active[0] : current ?? cluster.ReplicaSets.LastOrDefault()) is { } only)
            {
                Resize(only, spec.Replicas);
            }
        }
        else if (current is not null && current.Replicas == spec.Replicas && current.Desired == spec.Replicas
            && current.Status.Available == spec.Replicas)
        {
            foreach (ModelReplicaSet old in active)
            {
                _ = old == current || Resize(old, 0);
            }
        }
        else if (!spec.Recreate)
        {
            Share(spec, active);
        }
    }

    /// <summary>Proportionally, the leftover to the largest.</summary>
    private void Share(ModelSpec spec, List<ModelReplicaSet> active)
    {
        int toAdd = (spec.Replicas > 0 ? spec.Replicas + spec.Surge : 0) - active.Sum(replicaSet => replicaSet.Replicas);
        active.Sort((left, right) => left.Replicas != right.Replicas ? right.Replicas - left.Replicas
            : toAdd > 0 ? right.Number - left.Number : left.Number - right.Number);
        int added = 0;
        int[] sizes = new int[active.Count];
        for (int index = 0; index < sizes.Length; index++)
        {
            int share = Share(spec, active[index], toAdd, added);
            sizes[index] = active[index].Replicas + share;
            added += share;
        }

        sizes[0] = Math.Max(sizes[0] + toAdd - added, 0);
        for (int index = 0; index < sizes.Length && !failed; index++)
        {
            Write(active[index], sizes[index]);
        }
    }

    private static int Share(ModelSpec spec, ModelReplicaSet replicaSet, int toAdd, int added)
    {
        if (toAdd == 0 || toAdd == added)
        {
            return 0;
        }

        int fraction = spec.Replicas == 0 ? -replicaSet.Replicas
            : (int)Math.Round(
                replicaSet.Replicas * (spec.Replicas + spec.Surge) / (double)replicaSet.Max, MidpointRounding.AwayFromZero)
                - replicaSet.Replicas;
        return toAdd > 0 ? Math.Min(fraction, toAdd - added) : Math.Max(fraction, toAdd - added);
    }

    private bool Resize(ModelReplicaSet replicaSet, int replicas) => replicaSet.Replicas != replicas && Write(replicaSet, replicas);

    private bool Write(ModelReplicaSet replicaSet, int replicas)
    {
        (int desired, int max) = (cluster.Spec.Replicas, cluster.Spec.Replicas + cluster.Spec.Surge);
        if (replicaSet.Replicas == replicas && replicaSet.Desired == desired && replicaSet.Max == max)
        {
            return false;
        }

        if (!replicaSet.Active && replicas > 0 && !isStartAllowed(replicaSet))
        {
            failed = true;
            return false;
        }

        (replicaSet.Replicas, replicaSet.Desired, replicaSet.Max) = (replicas, desired, max);
        replicaSet.Version++;
        wrote = true;
        return true;
    }

    private void WriteStatus()
    {
        PodCounts counts = default;
        foreach (ModelReplicaSet replicaSet in cluster.ReplicaSets)
        {
            counts += replicaSet.Status;
        }

        if (counts != cluster.Status)
        {
            cluster.Status = counts;
            cluster.Version++;
            wrote = true;
        }
    }
}
