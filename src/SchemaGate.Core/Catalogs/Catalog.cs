using System.Collections.Immutable;

namespace SchemaGate.Core.Catalogs;

/// <summary>The objects of one database, of the schemas that were asked about.</summary>
/// <param name="ServerVersion">As <c>server_version_num</c>: 150018.</param>
/// <param name="Schemas">Those that were asked about.</param>
/// <param name="Objects">In <see cref="CatalogName.Order"/>.</param>
public sealed record Catalog(
    int ServerVersion, ImmutableArray<string> Schemas, ImmutableSortedDictionary<CatalogName, CatalogObject> Objects)
{
    public int Major => ServerVersion / 10_000;

    public CatalogObject? this[CatalogName name] => Objects.GetValueOrDefault(name);

    /// <summary>The same server and schemas with nothing in them.</summary>
    public Catalog Emptied => this with { Objects = Objects.Clear() };
}
