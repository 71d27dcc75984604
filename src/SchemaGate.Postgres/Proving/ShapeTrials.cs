using System.Globalization;
using Npgsql;
using SchemaGate.Core.Proofs;

namespace SchemaGate.Postgres.Proving;

/// <summary>
/// Tries shapes whose errors come only when they run and need no row for that: a column that must have a value and has none, a trigger's
/// function that fails, an index that ON CONFLICT asks for, a function whose body names what is gone.
/// </summary>
internal sealed class ShapeTrials(ProvingConnection connection)
{
    /// <summary>What a statement that takes too long ends with.</summary>
    private const string Cancelled = "57014";

    /// <summary>A name that is none, or is gone, has no columns.</summary>
    private const string Targets = """
        SELECT name, a.attnum::text, a.attname::text, pg_catalog.format_type(a.atttypid, NULL),
          (a.attnotnull AND NOT a.atthasdef AND a.attidentity = '')::text
        FROM pg_catalog.unnest(pg_catalog.string_to_array($1, E'\n')) given (name)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = pg_catalog.to_regclass(name) AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY name, a.attnum
        """;

    /// <summary>Of functions in SQL the server can check the bodies again (its sources, catalog/pg_proc.c).</summary>
    private const string Functions = """
        SELECT p.proname::text, p.oid::text FROM pg_catalog.pg_proc p
        WHERE p.prolang = (SELECT l.oid FROM pg_catalog.pg_language l WHERE l.lanname = 'sql') AND p.prokind IN ('f', 'p')
          AND p.pronamespace NOT IN (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname IN ('pg_catalog', 'information_schema'))
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e')
        """;

    /// <summary>
    /// Those of the tables that a row may leave the database through: where it has foreign tables, or means for its functions to reach
    /// elsewhere, only tables that are stored here and have no triggers are tried.
    /// </summary>
    private const string Leaving = """
        WITH RECURSIVE targets AS (
          SELECT name, pg_catalog.to_regclass(name)::oid AS oid FROM pg_catalog.unnest(pg_catalog.string_to_array($1, E'\n')) given (name)
          UNION SELECT name, i.inhrelid FROM targets JOIN pg_catalog.pg_inherits i ON i.inhparent = targets.oid)
        SELECT DISTINCT name FROM targets JOIN pg_catalog.pg_class c ON c.oid = targets.oid
        WHERE (c.relkind NOT IN ('r', 'p') OR EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal))
          AND (EXISTS (SELECT FROM pg_catalog.pg_foreign_table)
            OR EXISTS (SELECT FROM pg_catalog.pg_extension e WHERE e.extname IN ('dblink', 'postgres_fdw', 'http', 'pg_net'))
            OR EXISTS (SELECT FROM pg_catalog.pg_language l WHERE NOT l.lanpltrusted AND l.lanname NOT IN ('internal', 'c')))
        """;

    private readonly List<Trial> _trials = [];

    /// <summary>Adds what is found to the meanings of shapes, which are prepared under their names.</summary>
    public async Task TryAsync(IReadOnlyList<(string Name, string Text)> shapes, Dictionary<string, ShapeMeaning> meanings)
    {
        List<(string Name, InsertShape Insert)> inserts = [.. shapes
            .Select(shape => (shape.Name, Insert: InsertShape.Of(shape.Text)!)).Where(shape => shape.Insert is not null)];
        ILookup<string, string> untried = shapes
            .SelectMany(shape => InsertShape.Untried(shape.Text).Select(table => (shape.Name, Table: table)))
            .ToLookup(shape => shape.Name, shape => shape.Table, StringComparer.Ordinal);
        string tables = string.Join('\n', inserts.Select(shape => shape.Insert.Table).Concat(untried.SelectMany(table => table))
            .Distinct(StringComparer.Ordinal));
        List<string?[]> rows = tables.Length == 0 ? [] : await connection.QueryAsync(Targets, tables);
        ILookup<string, (TargetColumn Column, string Type)> columns = rows.ToLookup(
            row => row[0]!, row => (Column(row), row[3]!), StringComparer.Ordinal);
        foreach (IGrouping<string, string> shape in untried)
        {
            meanings[shape.Key] = meanings[shape.Key] with
            {
                Needed =
                [
                    .. rows.Where(row => row[4] == "true" && shape.Contains(row[0]!, StringComparer.Ordinal))
                        .Select(row => (row[0]!, Column(row))),
                ],
            };
        }

        foreach ((string name, InsertShape insert) in inserts.Where(shape => shape.Insert.Columns.Count == 0))
        {
            meanings[name] = meanings[name] with { Targets = [.. columns[insert.Table].Select(column => column.Column)] };
        }

        await OfFunctionsAsync(shapes);
        List<string?[]> left = tables.Length == 0 ? [] : await connection.QueryAsync(Leaving, tables);
        HashSet<string> leaving = left.Select(row => row[0]!).ToHashSet(StringComparer.Ordinal);
        foreach ((string name, _) in inserts.Where(shape => leaving.Contains(shape.Insert.Table)))
        {
            meanings[name] = meanings[name] with { Untried = "it is not tried, since its row may leave the scratch database" };
        }

        inserts.RemoveAll(shape => leaving.Contains(shape.Insert.Table));
        await OfInsertsAsync(inserts, columns, meanings);
        await RunAsync([.. inserts.Select(shape => shape.Insert.Table)], meanings);
    }

    private static TargetColumn Column(string?[] row) => new(int.Parse(row[1]!, CultureInfo.InvariantCulture), row[2]!);

    private async Task OfFunctionsAsync(IReadOnlyList<(string Name, string Text)> shapes)
    {
        ILookup<string, string> functions = (await connection.QueryAsync(Functions))
            .ToLookup(row => row[0]!, row => row[1]!, StringComparer.OrdinalIgnoreCase);
        if (functions.Count == 0)
        {
            return;
        }

        foreach ((string name, string text) in shapes)
        {
            List<ShapeToken> tokens = ShapeTokens.Of(text);
            IEnumerable<string> called = tokens.Zip(tokens.Skip(1))
                .Where(pair => pair.Second.Text == "(")
                .Select(pair => pair.First.Text.Trim('"'))
                .Distinct(StringComparer.OrdinalIgnoreCase);
            _trials.AddRange(called.SelectMany(function => functions[function])
                .Select(function => new Trial(name, $"SELECT pg_catalog.fmgr_sql_validator({function})")));
        }
    }

    private async Task OfInsertsAsync(
        List<(string Name, InsertShape Insert)> inserts,
        ILookup<string, (TargetColumn Column, string Type)> columns,
        Dictionary<string, ShapeMeaning> meanings)
    {
        if (inserts.Count == 0)
        {
            return;
        }

        StandIns values = await StandIns.ReadAsync(connection, [
            .. inserts.SelectMany(shape => meanings[shape.Name].Parameters),
            .. columns.SelectMany(table => table).Select(column => column.Type),
        ]);
        foreach ((string name, InsertShape insert) in inserts)
        {
            string execute = $"EXECUTE {name}{values.For(meanings[name].Parameters)}";
            if (insert.IsPlain)
            {
                _trials.Add(new(name, execute));
            }
            else if (insert.HasConflict)
            {
                _trials.Add(new(name, $"EXPLAIN {execute}"));
            }

            // What its query would do is its own; what it writes to is tried with values.
            Dictionary<string, string> types = columns[insert.Table]
                .ToDictionary(column => column.Column.Name, column => column.Type, StringComparer.Ordinal);
            if (insert.Columns.Count > 0 && insert.Columns.All(types.ContainsKey))
            {
                _trials.Add(new(name, $"INSERT INTO {insert.Table} ({string.Join(", ", insert.Columns.Select(History.HistoryTable.Quote))})"
                    + $" VALUES {values.For([.. insert.Columns.Select(column => types[column])])}", insert.IsPlain));
            }
        }
    }

    private async Task RunAsync(IReadOnlyList<string> tables, Dictionary<string, ShapeMeaning> meanings)
    {
        if (_trials.Count == 0)
        {
            return;
        }

        await connection.ForgetConstraintsAsync([.. tables.Distinct(StringComparer.Ordinal)]);
        string[] texts = [.. _trials.Select(trial => trial.Text).Distinct(StringComparer.Ordinal)];
        Dictionary<int, PostgresException> errors = await connection.TryAllAsync(texts);
        Dictionary<string, ShapeError> failed = errors.ToDictionary(
            error => texts[error.Key], error => new ShapeError(error.Value.SqlState, error.Value.MessageText), StringComparer.Ordinal);
        foreach (IGrouping<string, Trial> tried in _trials.GroupBy(trial => trial.Name, StringComparer.Ordinal))
        {
            ShapeError? error = Error(tried, failed);
            bool isLong = error?.SqlState == Cancelled;
            meanings[tried.Key] = meanings[tried.Key] with
            {
                WasTried = !isLong,
                Trial = isLong ? null : error,
                Untried = isLong ? "its trial took too long" : meanings[tried.Key].Untried,
            };
        }
    }

    private static ShapeError? Error(IEnumerable<Trial> trials, Dictionary<string, ShapeError> failed)
    {
        ShapeError? error = trials.Where(trial => !trial.IsInstead).Select(trial => failed.GetValueOrDefault(trial.Text))
            .FirstOrDefault(error => error is not null);
        return error is { SqlState: ['2', '2', ..] } && trials.FirstOrDefault(trial => trial.IsInstead) is { } instead
            ? failed.GetValueOrDefault(instead.Text)
            : error;
    }

    /// <param name="Name">The shape's.</param>
    /// <param name="Text">What is run.</param>
    /// <param name="IsInstead">Whether it counts only where a stand-in was no value: <c>CAST($1::text AS status)</c>.</param>
    private sealed record Trial(string Name, string Text, bool IsInstead = false);
}
