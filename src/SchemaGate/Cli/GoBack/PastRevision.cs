namespace SchemaGate.Cli.GoBack;

/// <summary>One revision of a workload that its ReplicaSet or ControllerRevision keeps.</summary>
/// <param name="Number">As <c>kubectl rollout history</c> counts; null where nobody has counted it yet.</param>
/// <param name="Name">The object's.</param>
/// <param name="Requires">Its pod template's annotation.</param>
/// <param name="Images">Of its pod template's containers, as they are written there.</param>
/// <param name="Made">When the object was made, UTC.</param>
/// <param name="Runs">Whether it has pods, or is to have; false where only the pods would tell.</param>
internal sealed record PastRevision(
    long? Number, string Name, string? Requires, IReadOnlyList<string> Images, DateTimeOffset? Made, bool Runs = false)
{
    /// <summary>For people.</summary>
    public string Word => Number is { } number ? FormattableString.Invariant($"revision {number} ({Name})") : $"a revision ({Name})";
}

/// <summary>A workload and its revisions on record.</summary>
/// <param name="Word">As <c>deployment/shop</c>.</param>
/// <param name="Requires">Its own pod template's annotation.</param>
/// <param name="IsGated">Whether it carries the label.</param>
/// <param name="Revisions">The newest first.</param>
/// <param name="WayBack">The command that goes back to a revision.</param>
internal sealed record WorkloadPast(
    string Word, string? Requires, bool IsGated, IReadOnlyList<PastRevision> Revisions, Func<PastRevision, string?> WayBack);
