namespace SchemaGate.Kubernetes.Watching;

/// <summary>One object's change; never are both null.</summary>
/// <param name="Old">Null where it was added.</param>
/// <param name="New">Null where it was deleted.</param>
public sealed record InformerChange<T>(T? Old, T? New)
    where T : class
{
    /// <summary>The object, or its last known state.</summary>
    public T Latest => New ?? Old!;
}
