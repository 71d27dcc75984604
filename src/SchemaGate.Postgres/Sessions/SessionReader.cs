using Npgsql;
using SchemaGate.Core.Databases;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Postgres.Sessions;

/// <summary>
/// Reads which sessions are open in a database, by their <c>application_name</c>. Any role sees everybody's names; since when a session of
/// another role is open, and whether it is a worker of a parallel query, only a member of <c>pg_read_all_stats</c> sees (PostgreSQL's
/// sources, pgstatfuncs.c; tried on 13 and 15). One round trip over a connection that is kept for the history. Thread-safe.
/// </summary>
public sealed class SessionReader(DatabaseConnections connections)
{
    /// <summary>That are asked for at a time; an answer has no more rows.</summary>
    public const int MostNames = 1000;

    private const string Limits =
        "SELECT pg_catalog.set_config('transaction_read_only', 'on', true), pg_catalog.set_config('statement_timeout', '10s', true)";

    private const string Query = """
        SELECT application_name::text, count(*)::int4, min(backend_start)
        FROM pg_catalog.pg_stat_activity
        WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid()
          AND coalesce(backend_type, 'client backend') = 'client backend'
          AND application_name = ANY (pg_catalog.string_to_array($1, pg_catalog.chr(10)))
        GROUP BY 1 ORDER BY 1
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(12);

    /// <param name="url">The database.</param>
    /// <param name="names">
    /// Printable ASCII, at most <see cref="MostNames"/>, each as short as the server keeps it (63 characters).
    /// </param>
    /// <param name="tenant">Who reads.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>An entry for each name that a session has.</returns>
    /// <exception cref="DatabaseException">The database cannot be asked.</exception>
    public async Task<IReadOnlyList<OpenSessions>> ReadAsync(
        DatabaseUrl url, IReadOnlyCollection<string> names, string tenant, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count > MostNames)
        {
            throw new ArgumentException($"At most {MostNames} names are asked for at a time.", nameof(names));
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_patience);
        for (bool again = false; ; again = true)
        {
            try
            {
                return await connections.ReadAsync(url, tenant, connection => ReadAsync(connection, names, limit.Token), limit.Token);
            }
            catch (Exception exception) when (exception is not DatabaseException && !cancellation.IsCancellationRequested)
            {
                // A kept connection may have outlived its server.
                if (again || !FailureSentences.IsBrokenConnection(exception))
                {
                    throw FailureSentences.Of(exception, url);
                }
            }
        }
    }

    private static async Task<IReadOnlyList<OpenSessions>> ReadAsync(
        NpgsqlConnection connection, IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = new(connection);
        batch.BatchCommands.Add(new(Limits));
        batch.BatchCommands.Add(new(Query)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = string.Join('\n', names) } },
        });
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        List<OpenSessions> open = [];
        while (open.Count < MostNames && await reader.ReadAsync(cancellation))
        {
            DateTimeOffset? since = await reader.IsDBNullAsync(2, cancellation)
                ? null
                : await reader.GetFieldValueAsync<DateTimeOffset>(2, cancellation);
            open.Add(new(reader.GetString(0), reader.GetInt32(1), since));
        }

        return open;
    }
}
