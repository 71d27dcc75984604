namespace SchemaGate.Tests.Gates.Model;

/// <summary>Which templates ran, whatever SchemaGate noted of them.</summary>
internal sealed class ModelFacts(ModelCluster cluster)
{
    /// <summary>What ran under the leader's eyes.</summary>
    private readonly bool[] ran = new bool[ModelVersions.Templates];

    /// <summary>Whether the database was once restored, or another: since then a record may be contradicted.</summary>
    private bool isContradicted;

    /// <summary>Whether it ran, and is there, or was deleted under the Deployment as it is.</summary>
    public bool HasRun(int template) => ran[template];

    /// <summary>Another template may be the Deployment's now.</summary>
    public void Apply()
    {
        for (int other = 0; other < ran.Length; other++)
        {
            ran[other] &= cluster.Find(other) is not null;
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
}
