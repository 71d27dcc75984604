using System.Collections.Immutable;

namespace SchemaGate.Core.Catalogs.Folding;

/// <summary>
/// What of a live catalog is not what the migrations' text builds: no scratch database is needed, and nothing is said that the text does
/// not tell for certain.
/// </summary>
/// <param name="Changes">From what the text builds to what is, in <see cref="CatalogName.Order"/>.</param>
/// <param name="Judged">How many tables, views, enums and functions were compared.</param>
/// <param name="Unjudged">How many were not.</param>
/// <param name="Reasons">Why not, one clause each: <c>4 are named by programs that are not read</c>.</param>
public sealed record FoldedDrift(ImmutableArray<CatalogChange> Changes, int Judged, int Unjudged, ImmutableArray<string> Reasons)
{
    /// <summary>Compares. Definitions, defaults' values, sequences, grants and comments are left to a scratch database.</summary>
    /// <param name="schema">What the applied migrations build.</param>
    /// <param name="live">What is.</param>
    /// <param name="scope">What is compared; of it what is ignored, and the tools' tables.</param>
    public static FoldedDrift Of(FoldedSchema schema, Catalog live, CatalogScope scope)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(live);
        ArgumentNullException.ThrowIfNull(scope);
        return new FoldComparison(schema, live, scope).Drift();
    }
}
