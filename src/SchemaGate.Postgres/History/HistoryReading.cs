using SchemaGate.Core.Databases;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History.Dialects;

namespace SchemaGate.Postgres.History;

/// <summary>What one look at a database asks for.</summary>
/// <param name="Url">Where the connection leads.</param>
/// <param name="Source">Whose rows are read; null to look only at which tables there are.</param>
/// <param name="WithCatalog">Whether to look at that, too.</param>
internal sealed record HistoryLook(DatabaseUrl Url, HistorySource? Source, bool WithCatalog)
{
    public HistoryLimits Limits { get; init; } = HistoryLimits.Default;

    /// <summary>Whether there is room for so many bytes of rows; null where there always is.</summary>
    public Func<long, bool>? MayHold { get; init; }
}

/// <summary>What one look at a database saw.</summary>
/// <param name="State">Its <c>RunInProgress</c> is left false, because one look cannot tell; its history is null where no table was asked,
/// or it is not there.</param>
/// <param name="LockHeld">Whether the migration lock was held <em>after</em> the rows were read.</param>
/// <param name="Catalog">The tables that a history may have; empty where only Prisma's was asked for.</param>
internal sealed record HistoryReading(DatabaseState State, bool LockHeld, IReadOnlyList<CatalogTable> Catalog);
