namespace SchemaGate.Core.Gates.Drifting;

/// <summary>
/// The last comparison of a database's schema with what its applied migrations build, as status keeps it: so a new leader does not read
/// every catalog anew.
/// </summary>
/// <param name="Basis">SHA-256, lowercase hex: of what was compared. Another history, image text or list of patterns has another.</param>
/// <param name="CheckedAt">When the catalog was read.</param>
/// <param name="Differences">How many there are.</param>
/// <param name="First">The first of them, a clause each, without a full stop.</param>
/// <param name="NotFollowed">How many statements of those migrations do what their text does not tell.</param>
public sealed record DriftRecord(
    string Basis, DateTimeOffset CheckedAt, int Differences, IReadOnlyList<string> First, int NotFollowed)
{
    /// <summary>How many are kept in words.</summary>
    public const int MostFirst = 5;

    /// <summary>Of one of them, in UTF-16 code units: names are strangers'.</summary>
    public const int LongestWords = 200;
}
