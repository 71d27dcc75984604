using Npgsql;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Proving;

/// <summary>The one session of a proof, in a scratch database.</summary>
internal sealed class ProvingConnection : IAsyncDisposable
{
    private const string Back = "ROLLBACK TO SAVEPOINT schemagate_try";

    private const string Checks = "SELECT c.oid::text FROM pg_catalog.pg_constraint c WHERE c.contype = 'c'";

    /// <summary>Of each sequence a query for the statement that sets it as it is: its state is a row of its own.</summary>
    private const string Sequences = """
        SELECT pg_catalog.format('SELECT pg_catalog.format(%L, %L, last_value, is_called) FROM %I.%I',
          'SELECT pg_catalog.setval(%L, %s, %L)', pg_catalog.format('%I.%I', n.nspname, c.relname), n.nspname, c.relname)
        FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE pg_catalog.has_sequence_privilege(s.seqrelid, 'SELECT') AND pg_catalog.has_sequence_privilege(s.seqrelid, 'UPDATE')
          AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND NOT pg_catalog.pg_is_other_temp_schema(n.oid)
        """;

    /// <summary>A CHECK that calls a function of the database's own may fail by that; an inherited one cannot be dropped.</summary>
    private const string Constraints = """
        SELECT DISTINCT c.contype::text, c.oid::text,
          pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::pg_catalog.regclass, c.conname)
        FROM pg_catalog.unnest(pg_catalog.string_to_array($1, E'\n')) given (name)
        JOIN pg_catalog.pg_constraint c ON c.conrelid = pg_catalog.to_regclass(name)
        WHERE c.contype = 'f' AND c.conparentid = 0
          OR c.contype = 'c' AND c.coninhcount = 0 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND d.objid = c.oid
              AND d.refclassid IN ('pg_catalog.pg_proc'::pg_catalog.regclass, 'pg_catalog.pg_operator'::pg_catalog.regclass))
        """;

    /// <summary>
    /// What a migration has SET for itself no client has. Triggers are for a superuser to switch off, so also their being on is only set
    /// where it is not so.
    /// </summary>
    private static readonly string[] s_clients =
    [
        "SET LOCAL ROLE NONE",
        "SET LOCAL check_function_bodies TO on",
        "SET LOCAL statement_timeout TO '10s'",
        "SELECT pg_catalog.set_config('session_replication_role', 'origin', true) "
            + "WHERE pg_catalog.current_setting('session_replication_role') <> 'origin'",
    ];

    /// <summary>Statements of one round trip.</summary>
    private const int Together = 250;

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;
    private readonly string _searchPath;
    private readonly CancellationToken _cancellation;
    private HashSet<string?> _checks = [];

    private ProvingConnection(NpgsqlDataSource source, NpgsqlConnection connection, string searchPath, CancellationToken cancellation)
    {
        _source = source;
        _connection = connection;
        _searchPath = searchPath;
        _cancellation = cancellation;
    }

    /// <summary>Opens it with the search path that the URL's clients have; the URL's schema is made where it is not there.</summary>
    /// <exception cref="DatabaseException">No connection can be had.</exception>
    public static async Task<ProvingConnection> OpenAsync(DatabaseUrl url, CancellationToken cancellation)
    {
        NpgsqlDataSource source = DatabaseConnections.ForRun(url);
        try
        {
            NpgsqlConnection connection = await DatabaseConnections.OpenAsync(source, url, cancellation);
            string schema = HistoryTable.Quote(url.Schema);
            ProvingConnection proving = new(source, connection, url.HasSchema ? schema : "DEFAULT", cancellation);
            if (url.HasSchema)
            {
                await proving.RunAsync($"CREATE SCHEMA IF NOT EXISTS {schema}");
            }

            return proving;
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>A session as new: what a migration SET or made temporarily is gone.</summary>
    public async Task ResetAsync()
    {
        await RunAsync("DISCARD ALL");
        await RunAsync($"SET search_path TO {_searchPath}");
    }

    /// <summary>
    /// Begins a look, whose end takes back all that it does, within the transaction that is open or in one of its own, as the clients'
    /// role sees things. True where the transaction is its own.
    /// </summary>
    public async Task<bool> BeginLookAsync()
    {
        bool isOwn = await ErrorOfAsync("SAVEPOINT schemagate_look") is not null;
        if (isOwn)
        {
            await RunAsync("BEGIN", "SAVEPOINT schemagate_look");
        }

        await RunAsync([.. s_clients, $"SET LOCAL search_path TO {_searchPath}", "SAVEPOINT schemagate_try"]);
        return isOwn;
    }

    /// <param name="isOwn">What the beginning said.</param>
    /// <param name="sequences">What <see cref="SequencesAsync"/> said before anything ran.</param>
    public Task EndLookAsync(bool isOwn, IReadOnlyList<string> sequences) =>
        RunAsync([Back, "DEALLOCATE ALL", .. sequences, isOwn ? "ROLLBACK" : "ROLLBACK TO SAVEPOINT schemagate_look"]);

    /// <summary>The CHECKs that are there now are those that the code's values pass.</summary>
    public async Task RememberChecksAsync() => _checks = [.. (await QueryAsync(Checks)).Select(row => row[0])];

    /// <summary>
    /// Until the look ends, rows of these tables need none of another table and pass the CHECKs that are remembered: in an empty database,
    /// with stand-ins for values, those would be the first errors, and hide others.
    /// </summary>
    public async Task ForgetConstraintsAsync(IReadOnlyList<string> tables)
    {
        List<string?[]> constraints = await QueryAsync(Constraints, string.Join('\n', tables));
        bool isDone = await ErrorOfAsync(
            constraints.Where(row => row[0] == "f" || _checks.Contains(row[1])).Select(row => row[2]!)) is null;
        // Where a row of the migration's own still waits for its check, a table cannot be altered: then the keys stay.
        await RunAsync(isDone ? "SAVEPOINT schemagate_try" : Back);
    }

    /// <summary>Statements that set all sequences as they are now: to roll back takes no number back.</summary>
    public async Task<IReadOnlyList<string>> SequencesAsync()
    {
        List<string?[]> queries = await QueryAsync(Sequences);
        return queries.Count == 0
            ? []
            : [.. (await QueryAsync(string.Join(" UNION ALL ", queries.Select(row => row[0])))).Select(row => row[0]!)];
    }

    /// <summary>In one round trip, each text as it is.</summary>
    /// <exception cref="PostgresException">The first error, behind which nothing has run.</exception>
    public async Task RunAsync(params IEnumerable<string> statements)
    {
        await using NpgsqlBatch batch = Batch(statements);
        await batch.ExecuteNonQueryAsync(_cancellation);
    }

    /// <summary>Runs each statement whatever the others say, and takes its effects back. Errors by the statement's index.</summary>
    public async Task<Dictionary<int, PostgresException>> TryAllAsync(IReadOnlyList<string> statements)
    {
        Dictionary<int, PostgresException> errors = [];
        for (int first = 0; first < statements.Count; first += Together)
        {
            await using NpgsqlBatch batch = Batch(
                statements.Skip(first).Take(Together).SelectMany(statement => (string[])[statement, Back]));
            batch.EnableErrorBarriers = true;
            Dictionary<NpgsqlBatchCommand, int> places = [];
            for (int index = 0; index < batch.BatchCommands.Count; index += 2)
            {
                places.Add(batch.BatchCommands[index], first + (index / 2));
            }

            await CollectAsync(batch, places, errors);
        }

        return errors;
    }

    /// <summary>What EXECUTE of prepared statements would return, by name, without running them.</summary>
    public async Task<Dictionary<string, List<(string Name, uint Type)>>> DescribeAsync(IReadOnlyList<string> names)
    {
        Dictionary<string, List<(string, uint)>> described = new(StringComparer.Ordinal);
        for (int first = 0; first < names.Count; first += Together)
        {
            // A statement that returns nothing has no result: those that mark the others tell whose it is.
            await using NpgsqlBatch batch = Batch(
                names.Skip(first).Take(Together).SelectMany(name => (string[])[$"SELECT 1 AS {name}", $"EXECUTE {name}"]));
            await using NpgsqlDataReader reader =
                await batch.ExecuteReaderAsync(System.Data.CommandBehavior.SchemaOnly, _cancellation);
            string marked = "";
            do
            {
                if (reader.FieldCount == 1 && reader.GetName(0).StartsWith(ShapeProver.Prefix, StringComparison.Ordinal))
                {
                    marked = reader.GetName(0);
                }
                else
                {
                    described[marked] = [.. Enumerable.Range(0, reader.FieldCount)
                        .Select(column => (reader.GetName(column), reader.GetDataTypeOID(column)))];
                }
            }
            while (await reader.NextResultAsync(_cancellation));
        }

        return described;
    }

    /// <summary>Rows of texts; the query's $1 is a text.</summary>
    public async Task<List<string?[]>> QueryAsync(string sql, string? parameter = null)
    {
        await using NpgsqlCommand command = new(sql, _connection);
        if (parameter is not null)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parameter });
        }

        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(_cancellation);
        List<string?[]> rows = [];
        while (await reader.ReadAsync(_cancellation))
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount)
                .Select(column => reader.IsDBNull(column) ? null : reader.GetString(column))]);
        }

        return rows;
    }

    public async Task<PostgresException?> ErrorOfAsync(params IEnumerable<string> statements)
    {
        try
        {
            await RunAsync(statements);
            return null;
        }
        catch (PostgresException error) when (!IsFatal(error))
        {
            return error;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _source.DisposeAsync();
    }

    private static bool IsFatal(PostgresException error) => error.InvariantSeverity is "FATAL" or "PANIC";

    /// <summary>The driver reads a batch to its end, and throws one error as it is and several in one exception.</summary>
    private async Task CollectAsync(
        NpgsqlBatch batch, Dictionary<NpgsqlBatchCommand, int> places, Dictionary<int, PostgresException> errors)
    {
        try
        {
            await batch.ExecuteNonQueryAsync(_cancellation);
        }
        catch (NpgsqlException exception) when (Each(exception).All(error =>
            error is PostgresException { BatchCommand: { } command } own && places.ContainsKey(command) && !IsFatal(own)))
        {
            foreach (PostgresException error in Each(exception).Cast<PostgresException>())
            {
                errors.Add(places[error.BatchCommand!], error);
            }
        }
    }

    private static IReadOnlyList<Exception> Each(NpgsqlException exception) =>
        exception.InnerException is AggregateException several ? several.InnerExceptions : [exception];

    private NpgsqlBatch Batch(IEnumerable<string> statements)
    {
        NpgsqlBatch batch = new(_connection);
        foreach (string statement in statements)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        }

        return batch;
    }
}
