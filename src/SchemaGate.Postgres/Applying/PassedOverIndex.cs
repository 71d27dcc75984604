using System.Text.RegularExpressions;
using Npgsql;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Postgres.History;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Applying;

/// <summary>
/// Whoever asks for a name only, as IF NOT EXISTS does and what a DO block looks up, takes what an earlier build left INVALID under it
/// for the index, and it enforces nothing.
/// </summary>
internal static partial class PassedOverIndex
{
    private const string InvalidOfTable = """
        SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
        FROM pg_catalog.pg_class t JOIN pg_catalog.pg_class c ON c.relnamespace = t.relnamespace
          JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE t.oid = pg_catalog.to_regclass($2) AND c.relname = $1 AND c.relkind = 'i' AND NOT i.indisvalid
        """;

    /// <summary>The INVALID index, quoted and with its schema, that a statement took for its own by the name; null without one.</summary>
    /// <param name="statement">It has run.</param>
    /// <param name="runner">In its session, and so by its search path.</param>
    /// <param name="cancellation">Ends the look.</param>
    public static async Task<string?> OfAsync(SqlStatement statement, NpgsqlConnection runner, CancellationToken cancellation) =>
        !IndexByName().IsMatch(statement.Text) ? null : StatementReader.Read(statement.Text).Statements switch
        {
            [CreateIndex { IfNotExists: true, Name: { } name, Table: var table }] => await OfAsync(name, table, runner, cancellation),
            [DoBlock block] => await OfAsync(block, runner, cancellation),
            _ => null,
        };

    private static async Task<string?> OfAsync(string index, ObjectName table, NpgsqlConnection runner, CancellationToken cancellation)
    {
        string full = table.Schema is { } schema ? $"{HistoryTable.Quote(schema)}.{HistoryTable.Quote(table.Name)}"
            : HistoryTable.Quote(table.Name);
        await using NpgsqlCommand command = new(InvalidOfTable, runner)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = index }, new NpgsqlParameter<string> { TypedValue = full } },
        };
        return await command.ExecuteScalarAsync(cancellation) as string;
    }

    /// <summary>
    /// Of a block nothing is known but its text. Where it puts a name together, only the reports tell, which name every INVALID index.
    /// What is in a schema off the search path it can only have found by that schema's name.
    /// </summary>
    private static async Task<string?> OfAsync(DoBlock block, NpgsqlConnection runner, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(InvalidIndexes.Query, runner) { CommandTimeout = 10 };
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            if (Names(block, reader.GetString(2)) && (reader.GetBoolean(3) || Names(block, reader.GetString(1))))
            {
                return reader.GetString(0);
            }
        }

        return null;
    }

    private static bool Names(DoBlock block, string name) => Regex.IsMatch(
        block.Body, $@"(^|\W){Regex.Escape(name)}(\W|$)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    [GeneratedRegex(
        @"\bINDEX\b.*\bEXISTS\b|\bDO\b.*\bINDEX\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex IndexByName();
}
