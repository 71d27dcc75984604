namespace SchemaGate.Tests.Gates.Model;

/// <summary>What is true of each template, whatever SchemaGate noted of it.</summary>
internal sealed class ModelFacts(ModelCluster cluster, ModelDatabase database, ModelGate gate)
{
    private readonly bool[] applied = new bool[ModelVersions.Templates];
    private readonly bool[] adopted = new bool[ModelVersions.Templates];

    /// <summary>
    /// By template: for which numbers of migrations it was satisfied since it was first applied, as bits; eight to a database.
    /// </summary>
    private readonly int[] satisfied = new int[ModelVersions.Templates];

    /// <summary>What ran under the leader's eyes.</summary>
    private readonly bool[] ran = new bool[ModelVersions.Templates];

    /// <summary>Whether the database was once restored, or another: since then a record may be contradicted.</summary>
    private bool isContradicted;

    public void Adopt(int template) => adopted[template] = true;

    public bool IsAdopted(int template) => adopted[template];

    public bool WasEverSatisfied(int template) => satisfied[template] != 0;

    /// <summary>Whether what it was ever satisfied for is applied now.</summary>
    public bool IsSatisfied(int template) =>
        ((satisfied[template] >> (8 * database.Which)) & ((1 << (database.Applied + 1)) - 1)) != 0;

    /// <summary>Whether it ran, and is there, or was deleted under the Deployment as it is.</summary>
    public bool HasRun(int template) => ran[template];

    public void Apply(int template)
    {
        applied[template] = true;
        for (int other = 0; other < ran.Length; other++)
        {
            ran[other] &= cluster.Find(other) is not null;
        }

        Learn();
    }

    /// <summary>Database or tag may be another now. What was satisfied in the one that was last read passes until another is.</summary>
    public void Learn()
    {
        Learn(database.Which);
        if (ModelDatabase.WhichIs(gate.Identity) is { } known && known != database.Which)
        {
            Learn(known);
        }
    }

    /// <summary>The leader has looked, and found nothing to write.</summary>
    public void Look()
    {
        foreach (ModelReplicaSet replicaSet in cluster.ReplicaSets)
        {
            ran[replicaSet.Template] |= !isContradicted && cluster.Spec.Labelled && replicaSet.Running > 0;
        }
    }

    /// <summary>Nothing that ran is proved any more.</summary>
    public void Contradict()
    {
        isContradicted = true;
        Array.Clear(ran);
    }

    /// <summary>It has no record that is brought back when its ReplicaSet is deleted.</summary>
    public void Forget(int template) => ran[template] = false;

    private void Learn(int which)
    {
        for (int template = 0; template < applied.Length; template++)
        {
            int needed = database.Needed(template);
            satisfied[template] |= applied[template] && needed <= database.MostApplied(which) ? 1 << needed << (8 * which) : 0;
        }
    }
}
