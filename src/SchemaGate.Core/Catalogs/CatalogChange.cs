using System.Collections.Immutable;

namespace SchemaGate.Core.Catalogs;

/// <summary>What makes one object of one catalog another's. One side is null where the object is not there.</summary>
/// <param name="Facts">The names of the facts that differ, sorted, where both sides have the object; else none.</param>
public sealed record CatalogChange(CatalogObject? From, CatalogObject? To, ImmutableArray<string> Facts)
{
    public CatalogName Name => (To ?? From)!.Name;

    public CatalogChange Reversed => new(To, From, Facts);
}
