namespace SchemaGate.Postgres.Introspection;

/// <summary>What one look at a catalog may cost. It is counted while it is read.</summary>
internal sealed record CatalogLimits
{
    public static CatalogLimits Default { get; } = new();

    /// <summary>A hundred times what a schema of 177 tables has: objects, comments, grants and needs together.</summary>
    public int Rows { get; init; } = 400_000;

    /// <summary>What the texts take in memory.</summary>
    public long Bytes { get; init; } = 64 << 20;

    /// <summary>Of one statement at the server.</summary>
    public TimeSpan Statement { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Who describes a view waits for whoever alters what it reads.</summary>
    public TimeSpan Lock { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Of all of it: a server that keeps no statement_timeout is left.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// Whether only what <see cref="Core.Catalogs.Folding.FoldedDrift"/> compares is read: no definitions of views, rules, policies and
    /// functions, for which the server keeps tables locked to the end, no parts of partitions, no comments, grants and needs.
    /// </summary>
    public bool OnlyFolded { get; init; }

    /// <summary>Whether there is room for so many bytes; null: there is.</summary>
    public Func<long, bool>? MayHold { get; init; }
}
