namespace SchemaGate.Core.Gates.Drifting;

/// <summary>
/// The last comparison of a database's schema with what its applied migrations build, as status keeps it: so a new leader does not read
/// every catalog anew.
/// </summary>
/// <param name="Basis">SHA-256, lowercase hex: of what was compared. Another history, image text, list of patterns or
/// <see cref="Names.Retry"/> has another.</param>
/// <param name="CheckedAt">When the catalog was read.</param>
/// <param name="Differences">How many there are.</param>
/// <param name="First">The first of them, a clause each, without a full stop.</param>
public sealed record DriftRecord(
    string Basis, DateTimeOffset CheckedAt, int Differences, IReadOnlyList<string> First)
{
    /// <summary>How many are kept in words.</summary>
    public const int MostFirst = 5;

    /// <summary>How many tables, views, enums and functions were compared.</summary>
    public int Judged { get; init; }

    /// <summary>How many were not, because the migrations' text does not tell what becomes of them.</summary>
    public int Unjudged { get; init; }

    /// <summary>Why not, a clause each: <c>4 named by programs that are not read</c>.</summary>
    public IReadOnlyList<string> UnjudgedFor { get; init; } = [];

    /// <summary>Whether there is something, and nothing of it could be compared.</summary>
    public bool IsUntold => this is { Judged: 0, Unjudged: > 0, Differences: 0 };

    /// <summary>Of one of them, in UTF-16 code units: names are strangers'.</summary>
    public const int LongestWords = 200;
}
