namespace SchemaGate.Core.Gates;

/// <summary>How far a StatefulSet's controller is with its update, as the status says. A DaemonSet's names no revision.</summary>
/// <param name="Current">The revision of which pods below the partition are made.</param>
/// <param name="Update">The revision of the newest template, as of which all others are.</param>
/// <param name="Replicas">Its pods.</param>
/// <param name="CurrentReplicas">Those of the current revision.</param>
/// <param name="UpdatedReplicas">Those of the newest one.</param>
public sealed record SetProgress(string? Current, string? Update, int Replicas, int CurrentReplicas, int UpdatedReplicas)
{
    /// <summary>
    /// Whether some of its pods are of another revision than the current one, though none need be of the newest yet: each of them would
    /// come back as the current one under a partition.
    /// </summary>
    public bool IsRolling => Current != Update && (UpdatedReplicas > 0 || CurrentReplicas < Replicas);

    /// <summary>Whether its controller makes pods of a revision.</summary>
    public bool Names(string revision) => revision == Current || revision == Update;

    /// <summary>How many pods of it there are, as far as it is named.</summary>
    public int PodsOf(string revision) => Math.Max(Counted(revision, Current, CurrentReplicas), Counted(revision, Update, UpdatedReplicas));

    /// <summary>Whether a pod that is deleted would be made of another revision than it is.</summary>
    /// <param name="revision">The pod's.</param>
    /// <param name="isNewest">Whether that is of the set's newest template, of which every pod of a DaemonSet is made.</param>
    /// <param name="ordinal">The pod's.</param>
    /// <param name="partition">The set's, whoever has written it; null where it has none.</param>
    public bool Supersedes(string revision, bool isNewest, int ordinal, int? partition) =>
        ordinal < partition ? Current is not null && revision != Current : !isNewest;

    private static int Counted(string revision, string? named, int pods) => revision == named ? pods : 0;
}
