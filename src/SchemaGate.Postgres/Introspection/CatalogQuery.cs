using System.Data;
using Npgsql;
using SchemaGate.Core.Catalogs;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Introspection.Queries;

namespace SchemaGate.Postgres.Introspection;

/// <summary>One reading of a catalog: three round trips in a transaction that sees one moment and writes nothing.</summary>
internal static class CatalogQuery
{
    /// <summary>Objects: an address, a kind, a name, facts.</summary>
    private static readonly Func<CatalogServer, string>[] s_objects =
    [
        TypeQueries.Schemas, TypeQueries.Extensions, TypeQueries.Collations, TypeQueries.Enums, TypeQueries.Domains, TypeQueries.Composites,
        TypeQueries.Ranges, RelationQueries.Sequences, RoutineQueries.Routines, RoutineQueries.Aggregates, RelationQueries.Tables,
        RelationQueries.Columns, RelationQueries.Views, RelationQueries.ViewColumns, PartQueries.Constraints, PartQueries.Indexes,
        PartQueries.Statistics, PartQueries.Rules, PartQueries.Triggers, PartQueries.Policies, OtherQueries.Publications,
        OtherQueries.Others,
    ];

    /// <summary>Of these, what a fold is compared with.</summary>
    private static readonly Func<CatalogServer, string>[] s_folded =
    [
        TypeQueries.Enums, RoutineQueries.Routines, RelationQueries.Tables, RelationQueries.Columns, RelationQueries.Views,
        PartQueries.Constraints, PartQueries.Indexes, PartQueries.Rules, PartQueries.Triggers, PartQueries.Policies,
    ];

    private static readonly Func<CatalogServer, string>[] s_links =
        [LinkQueries.Aliases, LinkQueries.Comments, LinkQueries.Grants, LinkQueries.Needs];

    public static async Task<Catalog> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<string> schemas, CatalogLimits limits, CancellationTokenSource limit,
        Action<DatabaseException> refuse)
    {
        CancellationToken cancellation = limit.Token;
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        CatalogServer server = await BeginAsync(connection, schemas, limits, cancellation);
        CatalogAssembly assembly = new();
        await using (NpgsqlBatch batch = new(connection) { Timeout = (int)limits.Patience.TotalSeconds })
        {
            foreach (Func<CatalogServer, string> query in limits.OnlyFolded ? s_folded : [.. s_objects, .. s_links])
            {
                batch.BatchCommands.Add(new(OwnStatements.Marked(query(server))));
            }

            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellation);
            try
            {
                await ReadAsync(reader, new CatalogRows(reader, limits), assembly, limits.OnlyFolded, cancellation);
            }
            catch (DatabaseException exception)
            {
                refuse(exception);
                // Whoever closes a reader reads what is left of its answer; only a canceled reading ends the connection.
                await limit.CancelAsync();
                throw;
            }
        }

        await transaction.CommitAsync(cancellation);
        return assembly.Build(server.Version, schemas);
    }

    /// <summary>
    /// Settings of this transaction alone. No schema but the server's own is searched, so that every other name is told with its schema;
    /// pg_temp last, so that no temporary table of a pooler's session stands for a catalog. How a constant is written is the reader's to
    /// say: a time's zone and the like may be set for one database and not for the other.
    /// </summary>
    private static async Task<CatalogServer> BeginAsync(
        NpgsqlConnection connection, IReadOnlyList<string> schemas, CatalogLimits limits, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(
            $"""
            SELECT {OwnStatements.Mark} pg_catalog.current_setting('server_version_num')::pg_catalog.int4,
                   (SELECT pg_catalog.string_agg(n.oid::pg_catalog.text, ' ') FROM pg_catalog.pg_namespace n
                    WHERE n.nspname = ANY (CAST($1 AS pg_catalog.text[]))),
                   pg_catalog.set_config('transaction_read_only', 'on', true),
                   pg_catalog.set_config('statement_timeout', '{limits.Statement.TotalMilliseconds:0}', true),
                   pg_catalog.set_config('lock_timeout', '{limits.Lock.TotalMilliseconds:0}', true),
                   pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true),
                   pg_catalog.set_config('quote_all_identifiers', 'off', true),
                   pg_catalog.set_config('standard_conforming_strings', 'on', true),
                   pg_catalog.set_config('TimeZone', 'UTC', true),
                   pg_catalog.set_config('DateStyle', 'ISO, MDY', true),
                   pg_catalog.set_config('IntervalStyle', 'postgres', true),
                   pg_catalog.set_config('bytea_output', 'hex', true),
                   pg_catalog.set_config('extra_float_digits', '1', true),
                   pg_catalog.set_config('jit', 'off', true)
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = ArrayOf(schemas) });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        string found = await reader.IsDBNullAsync(1, cancellation) ? "" : reader.GetString(1);
        return new CatalogServer(
            reader.GetInt32(0), [.. found.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)])
        {
            OnlyFolded = limits.OnlyFolded,
        };
    }

    private static async Task ReadAsync(
        NpgsqlDataReader reader, CatalogRows rows, CatalogAssembly assembly, bool onlyFolded, CancellationToken cancellation)
    {
        int objects = onlyFolded ? s_folded.Length : s_objects.Length;
        for (int query = 0; query < objects; query++)
        {
            while (await rows.NextAsync(cancellation))
            {
                AddObject(rows, assembly);
            }

            await reader.NextResultAsync(cancellation);
        }

        if (onlyFolded)
        {
            return;
        }

        while (await rows.NextAsync(cancellation))
        {
            CatalogAddress part = new(rows.Number(0), rows.Number(1), 0);
            assembly.Alias(part, rows.Address(2));
        }

        foreach (Action<CatalogAddress, string> add in (Action<CatalogAddress, string>[])[assembly.Comment, assembly.Grant])
        {
            await reader.NextResultAsync(cancellation);
            while (await rows.NextAsync(cancellation))
            {
                add(rows.Address(0), rows.Text(3) ?? "");
            }
        }

        await reader.NextResultAsync(cancellation);
        while (await rows.NextAsync(cancellation))
        {
            CatalogAddress whose = rows.Address(0);
            assembly.Need(whose, rows.Address(3));
        }
    }

    private static void AddObject(CatalogRows rows, CatalogAssembly assembly)
    {
        CatalogAddress address = rows.Address(0);
        CatalogKind kind = (CatalogKind)rows.Int(3);
        (string? schema, string? owner, string name) = (rows.Text(4), rows.Text(5), rows.Text(6) ?? "");
        IDictionary<string, string> facts = assembly.Add(address, new CatalogName(kind, schema, owner, name));
        for (int column = 7; column < rows.Columns; column++)
        {
            if (rows.Text(column) is { } value)
            {
                facts[rows.Name(column)] = value;
            }
        }
    }

    /// <summary>An array's text form (documentation, 8.15.6).</summary>
    private static string ArrayOf(IEnumerable<string> texts) => $"{{{string.Join(',', texts.Select(text =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""))}}}";
}
