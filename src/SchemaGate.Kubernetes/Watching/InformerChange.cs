namespace SchemaGate.Kubernetes.Watching;

/// <summary>One object's change: <paramref name="Old"/> is null where it was added, <paramref name="New"/> where it was deleted; never both.</summary>
public sealed record InformerChange<T>(T? Old, T? New)
    where T : class
{
    /// <summary>The object, or its last known state.</summary>
    public T Latest => New ?? Old!;
}
