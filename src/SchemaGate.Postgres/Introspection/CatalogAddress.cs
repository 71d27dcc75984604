namespace SchemaGate.Postgres.Introspection;

/// <summary>What pg_depend calls an object.</summary>
/// <param name="Class">The catalog's own oid in pg_class.</param>
/// <param name="Id">The object's oid there.</param>
/// <param name="Part">A column's number; 0 for the whole.</param>
internal readonly record struct CatalogAddress(long Class, long Id, int Part)
{
    public CatalogAddress Whole => this with { Part = 0 };
}
