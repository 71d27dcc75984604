using Npgsql;
using SchemaGate.Core.Catalogs;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Postgres.Introspection;

/// <summary>
/// Reads what a database's schemas are made of, from the server's own catalogs. Any role may that may connect. Thread-safe.
/// </summary>
public sealed class CatalogReader
{
    /// <summary>Looks at a catalog that changes meanwhile.</summary>
    private const int MostLooks = 4;

    private readonly DatabaseConnections _connections;
    private readonly CatalogLimits _limits;

    public CatalogReader(DatabaseConnections connections)
        : this(connections, CatalogLimits.Default)
    {
    }

    /// <summary>Reads only what a fold is compared with, and keeps no table of anybody's locked.</summary>
    public static CatalogReader OfFolded(DatabaseConnections connections) =>
        new(connections, CatalogLimits.Default with { OnlyFolded = true });

    internal CatalogReader(DatabaseConnections connections, CatalogLimits limits) => (_connections, _limits) = (connections, limits);

    /// <summary>Three round trips on a kept connection, in a read-only transaction of its own.</summary>
    /// <param name="url">The database.</param>
    /// <param name="schemas">The schemas by name; one that is not there has no objects, and no object of its own.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="tenant">Who reads: whoever is slow leaves a place at the server to others.</param>
    /// <param name="mayHold">Whether there is room for so many bytes; asked ever again as they become more. Null: there is.</param>
    /// <exception cref="DatabaseException">The database cannot be reached or read, or has too much.</exception>
    public async Task<Catalog> ReadAsync(
        DatabaseUrl url, IReadOnlyList<string> schemas, CancellationToken cancellation, string tenant = "",
        Func<long, bool>? mayHold = null)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(schemas);
        CatalogLimits limits = _limits with { MayHold = mayHold };
        for (int look = 1; ; look++)
        {
            try
            {
                return await _connections.ReadAsync(
                    url, tenant, connection => ReadAsync(connection, url, schemas, limits, cancellation), cancellation);
            }
            catch (Exception exception) when (exception is not DatabaseException && !cancellation.IsCancellationRequested)
            {
                // A kept connection may have outlived its server; what was there a moment ago may be gone.
                bool may = FailureSentences.IsBrokenConnection(exception) ? look == 1 : look < MostLooks && IsAboutChange(exception);
                if (!may)
                {
                    throw FailureSentences.Of(exception, url);
                }
            }
        }
    }

    /// <summary>Looks once, over a connection of the caller's in which no transaction is open.</summary>
    /// <exception cref="DatabaseException">There is too much, or it takes too long.</exception>
    /// <exception cref="NpgsqlException">The server refused.</exception>
    internal static async Task<Catalog> ReadAsync(
        NpgsqlConnection connection, DatabaseUrl url, IReadOnlyList<string> schemas, CatalogLimits limits, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(limits.Patience);
        DatabaseException? refusal = null;
        try
        {
            return await CatalogQuery.ReadAsync(connection, schemas, limits, limit, exception => refusal = exception);
        }
        catch (Exception) when (refusal is not null)
        {
            // Not what closing the reader may have thrown instead.
            throw refusal;
        }
        catch (PostgresException error) when (error.SqlState is "57014" or "55P03" or "42501")
        {
            throw Unreadable(error, url);
        }
        catch (Exception) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw TooSlow(url, limits.Patience);
        }
    }

    private static DatabaseException Unreadable(PostgresException error, DatabaseUrl url) => new(
        DatabaseFailure.CatalogUnreadable,
        error.SqlState == "42501"
            ? $"The URL's user may not read the catalog of {url}: {error.MessageText}. PostgreSQL lets every role read it; "
                + "GRANT SELECT on what is named there."
            : $"The catalog of {url} could not be read in time. Another session may hold a table locked that a view or an index is of, "
                + "as migrations do: look in pg_locks.",
        error.SqlState);

    private static DatabaseException TooSlow(DatabaseUrl url, TimeSpan patience) => new(
        DatabaseFailure.CatalogUnreadable,
        $"The catalog of {url} was not read within {patience.TotalSeconds:0} s. Name fewer schemas, or look at the server's load.");

    /// <summary>What the server says of an object that was there when the transaction began, and is not when it describes it.</summary>
    private static bool IsAboutChange(Exception exception) => exception is PostgresException
    {
        SqlState: "XX000" or "42P01" or "42704" or "42883" or "42703",
    };
}
