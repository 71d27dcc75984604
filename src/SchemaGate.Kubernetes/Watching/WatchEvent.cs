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
/// <param name="Value">The object after the change (its last state for Deleted); null for Bookmark, and where it cannot be read.</param>
public sealed record WatchEvent<T>(WatchEventKind Kind, string ResourceVersion, T? Value)
    where T : class
{
    /// <summary>The object that cannot be read, in its value's place.</summary>
    public Resources.UnreadObject? Unread { get; init; }
}
