using System.Collections.Immutable;
using SchemaGate.Core.Catalogs;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Introspection;
using SchemaGate.Postgres.Scratch;

namespace SchemaGate.Cli.Diff;

/// <summary>Two schemas side by side, as they were read.</summary>
/// <param name="Scope">What of them is compared.</param>
/// <param name="Changes">What turns the first into the second.</param>
internal sealed record SchemaDiff(
    ReadSide From, ReadSide To, CatalogScope Scope, ImmutableArray<CatalogChange> Changes, TimeProvider Time)
{
    /// <summary>What neither side's catalog has any more, because it is other people's.</summary>
    public ImmutableHashSet<CatalogName> Others { get; private init; } = [];

    public IReadOnlyList<string> Notes => [.. From.Side.Notes, .. To.Side.Notes];

    /// <exception cref="DatabaseException">A side cannot be read or built.</exception>
    public static async Task<SchemaDiff> ReadAsync(
        DiffSide from, DiffSide to, DiffScope scope, SchemaBuilder builder, TimeProvider time, CancellationToken cancellation)
    {
        DatabaseUrl[] urls =
        [
            await builder.ReadableAsync(from.Source, cancellation), await builder.ReadableAsync(to.Source, cancellation),
        ];
        // Closed at once: nobody copies a template while somebody is in it.
        using DatabaseConnections connections = new(time);
        IReadOnlyList<string> schemas = await SchemasAsync([from, to], urls, scope, connections, cancellation);
        CatalogReader reader = new(connections);
        Catalog[] read = await Task.WhenAll(urls.Select(url => reader.ReadAsync(url, schemas, cancellation)));
        CatalogScope compared = scope.Of(from, to);
        // Once and from both: the comparisons with a scratch database have other sides, and would tell them.
        ImmutableHashSet<CatalogName> others = CatalogOthers.Of(read[0], read[1], compared);
        (Catalog before, Catalog after) = (read[0].Without(others), read[1].Without(others));
        return new(new(from, before), new(to, after), compared, CatalogComparison.Compare(before, after, compared), time)
        {
            Others = others,
        };
    }

    /// <summary>
    /// What is built says its schemas by what it has in them. A database that is only read may have others' schemas, too: its URL says
    /// which one is meant.
    /// </summary>
    private static async Task<IReadOnlyList<string>> SchemasAsync(
        DiffSide[] sides, DatabaseUrl[] urls, DiffScope scope, DatabaseConnections connections, CancellationToken cancellation)
    {
        IReadOnlyList<string>[] built = await Task.WhenAll(sides.Zip(urls).Where(side => side.First.Database is null)
            .Select(side => UserSchemas.ReadFilledAsync(connections, side.Second, cancellation)));
        string[] named = [.. sides.Select(side => side.Database?.Schema).OfType<string>()];
        return [.. (named.Length == 0 ? scope.Schemas : named).Concat(built.SelectMany(names => names)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>A catalog of the same schemas as it is now.</summary>
    public async Task<Catalog> ReadAsync(DatabaseUrl url, CancellationToken cancellation) =>
        (await ReadAsync(url, From.Catalog.Schemas, cancellation)).Without(Others);

    /// <summary>A catalog of some schemas as it is now.</summary>
    public async Task<Catalog> ReadAsync(DatabaseUrl url, IReadOnlyList<string> schemas, CancellationToken cancellation)
    {
        using DatabaseConnections connections = new(Time);
        return await new CatalogReader(connections).ReadAsync(url, schemas, cancellation);
    }
}

/// <summary>One side, and what was read of it.</summary>
internal sealed record ReadSide(DiffSide Side, Catalog Catalog);

/// <summary>What is compared.</summary>
/// <param name="Schemas">Where neither side is a database, which would say its own; those that migrations or a script made come with
/// them.</param>
/// <param name="Ignore">Globs.</param>
/// <param name="AllGrants">Of every role.</param>
internal sealed record DiffScope(IReadOnlyList<string> Schemas, IReadOnlyList<string> Ignore, bool AllGrants)
{
    public CatalogScope Of(DiffSide from, DiffSide to) => new()
    {
        Ignore = [.. Ignore],
        AllGrants = AllGrants,
        History = to.IsMade && !from.IsMade ? HistorySide.To : HistorySide.From,
        HasHistory = to.IsMade || from.IsMade,
    };
}
