namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>What becomes of an object on the way from one catalog to the other.</summary>
internal enum Fate
{
    Stays,

    /// <summary>It stays and is changed in place, or something of it is lifted meanwhile.</summary>
    Altered,

    Made,
    Dropped,

    /// <summary>Dropped and made again.</summary>
    Remade,
}
