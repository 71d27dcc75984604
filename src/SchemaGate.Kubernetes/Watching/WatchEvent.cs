namespace SchemaGate.Kubernetes.Watching;

public enum WatchEventKind
{
    Added,
    Modified,
    Deleted,

    /// <summary>No change: only a newer resource version to watch from.</summary>
    Bookmark,
}

/// <param name="Kind">What happened.</param>
/// <param name="ResourceVersion">Where a watch that goes on from here starts.</param>
/// <param name="Value">The object after the change (its last state for Deleted); null for Bookmark only.</param>
public sealed record WatchEvent<T>(WatchEventKind Kind, string ResourceVersion, T? Value)
    where T : class;
