namespace SchemaGate.Core.Gates;

/// <summary>What is on record about a gate: its resource as it was last stored, without a look at registry or database.</summary>
/// <param name="View">
/// How it enforces, and the database in which it judges now; that identity is null while this database was never read.
/// </param>
/// <param name="Image">The gate's own image, as its spec names it.</param>
/// <param name="Current">Whether its last decision was about the spec as it is now.</param>
/// <param name="Verdict">Its last verdict.</param>
/// <param name="Reason">Its last reason; null where nobody has judged it yet.</param>
/// <param name="Message">Its last message.</param>
/// <param name="Digest">To what <paramref name="Image"/> resolved last; null where it never did.</param>
/// <param name="Through">The last migration that its own image required; null where none, or where that is not known.</param>
/// <param name="Released">The releases that its status keeps.</param>
public sealed record GateStanding(
    GateView View,
    string Image,
    bool Current,
    Verdict Verdict,
    string? Reason,
    string? Message,
    string? Digest,
    string? Through,
    IReadOnlyList<Release> Released)
{
    /// <summary>Which part of an image it requires (<see cref="GateSpec.Scope"/>).</summary>
    public string? Scope { get; init; }

    /// <summary>Why its database was not read when it was last looked at; null where it was.</summary>
    public string? Unread { get; init; }

    /// <summary>The requirement's value for which a person holds the gate open now; null where nobody does.</summary>
    public string? Opened { get; init; }
}
