using System.Text;

namespace SchemaGate.Postgres.Parsing;

/// <summary>
/// Splits a migration's text into its statements with PostgreSQL's own parser, and without it where the text is newer than the parser.
/// </summary>
public static class SqlScript
{
    private const int MostBytes = 64 << 20;

    /// <summary>How often pieces of one script are joined and parsed again; more than a script has functions.</summary>
    private const int MostJoins = 2000;

    /// <summary>The statements in order; comments and empty statements between them are left out.</summary>
    /// <exception cref="DatabaseException">
    /// ParserMissing: libpg_query is not there. ScriptRefused: the text cannot be split at all.
    /// </exception>
    public static IReadOnlyList<SqlStatement> Split(string sql) => [.. SplitLazily(sql)];

    /// <summary><see cref="Split"/> for those who want the first statements only.</summary>
    internal static IEnumerable<SqlStatement> SplitLazily(string sql)
    {
        if (sql.Contains('\0', StringComparison.Ordinal))
        {
            throw new DatabaseException(DatabaseFailure.ScriptRefused, "The file has a zero byte, which PostgreSQL cannot take. "
                + "It may be saved as UTF-16: save it as UTF-8.");
        }

        byte[] bytes = Encoding.UTF8.GetBytes(sql + '\0');
        if (bytes.Length > MostBytes)
        {
            throw new DatabaseException(DatabaseFailure.ScriptRefused, "The file is larger than 64 MiB. "
                + "Load data with a tool of its own rather than in a migration.");
        }

        return Statements(sql, bytes, WithLibrary(() => Ranges(bytes)));
    }

    /// <summary>Calls libpg_query and says in words if it is not there.</summary>
    internal static T WithLibrary<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new DatabaseException(
                DatabaseFailure.ParserMissing,
                "libpg_query, which reads and splits migrations, is not there: use the published command, which has it inside, "
                + "or run src/SchemaGate.Postgres/get-parser and build again.");
        }
    }

    /// <summary>Line and column of an offset, both from 1, in UTF-16 code units.</summary>
    public static (int Line, int Column) Locate(string sql, int offset)
    {
        ReadOnlySpan<char> before = sql.AsSpan(0, offset);
        return (before.Count('\n') + 1, offset - before.LastIndexOf('\n'));
    }

    private static List<Range> Ranges(byte[] bytes)
    {
        List<Range>? parsed = bytes.Length <= ParserLimits.MostParsedBytes ? LibPgQuery.Split(bytes, byScanner: false, out _) : null;
        if (parsed is not null)
        {
            return parsed;
        }

        // A text that even the scanner cannot read (an open quotation mark) goes to the server whole: its message is the best one.
        List<Range> scanned = LibPgQuery.Split(bytes, byScanner: true, out _) ?? [Range.EndAt(bytes.Length - 1)];
        return Joined(bytes, scanned);
    }

    /// <summary>
    /// The scanner also splits inside of BEGIN ATOMIC … END: a piece that ends too early is joined with what follows until it parses.
    /// </summary>
    private static List<Range> Joined(byte[] bytes, List<Range> pieces)
    {
        List<Range> joined = [];
        int joins = 0;
        for (int index = 0; index < pieces.Count; index++)
        {
            Range piece = pieces[index];
            for (int end = index; end < pieces.Count && end - index < 100 && joins < MostJoins && EndsTooEarly(bytes[piece]); end++)
            {
                joins++;
                Range longer = pieces[index].Start..pieces[end].End;
                if (LibPgQuery.Split([.. bytes[longer], 0], byScanner: false, out _) is { Count: 1 })
                {
                    (piece, index) = (longer, end);
                    break;
                }
            }

            joined.Add(piece);
        }

        return joined;
    }

    private static bool EndsTooEarly(byte[] piece)
    {
        string text = Encoding.UTF8.GetString(piece);
        return text.Contains("ATOMIC", StringComparison.OrdinalIgnoreCase)
            && LibPgQuery.Split([.. piece, 0], byScanner: false, out string? error) is null
            && error!.Contains("end of input", StringComparison.Ordinal);
    }

    /// <summary>
    /// Cuts the text. What lies between two ranges and is more than comments becomes a statement, too: the scanner passes over a piece
    /// without a keyword, and what is not understood must reach the server, which refuses it, rather than be left out.
    /// </summary>
    private static IEnumerable<SqlStatement> Statements(string sql, byte[] bytes, List<Range> ranges)
    {
        (int byteOffset, int offset, int line) = (0, 0, 1);
        foreach (int end in ranges.SelectMany(range => (int[])[range.Start.Value, range.End.Value]).Append(bytes.Length - 1))
        {
            int next = offset + Encoding.UTF8.GetCharCount(bytes, byteOffset, Math.Max(0, end - byteOffset));
            if (Statement(sql, offset, next, line) is { } statement)
            {
                yield return statement;
            }

            line += sql.AsSpan(offset, next - offset).Count('\n');
            (byteOffset, offset) = (Math.Max(byteOffset, end), next);
        }
    }

    private static SqlStatement? Statement(string sql, int start, int end, int line)
    {
        int first = start;
        while (first < end && (first = SqlLexer.SkipTrivia(sql, first)) < end && sql[first] == ';')
        {
            first++;
        }

        string text = first < end ? sql[first..end].TrimEnd(';', ' ', '\t', '\r', '\n') : "";
        return text.Length == 0
            ? null
            : new SqlStatement(text, first, line + sql.AsSpan(start, first - start).Count('\n'), StatementKinds.Of(text));
    }
}
