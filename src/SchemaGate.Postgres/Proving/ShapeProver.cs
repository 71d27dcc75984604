using System.Globalization;
using Npgsql;
using SchemaGate.Core.Proofs;

namespace SchemaGate.Postgres.Proving;

/// <summary>Looks at shapes in a database: prepares each, and tries those whose errors come only when they run.</summary>
internal sealed class ShapeProver(ProvingConnection connection)
{
    public const string Prefix = "schemagate_shape_";

    private const string Prepared = $"""
        SELECT name, pg_catalog.array_to_string(parameter_types::text[], E'\n')
        FROM pg_catalog.pg_prepared_statements WHERE pg_catalog.starts_with(name, '{Prefix}')
        """;

    private const string Types = """
        SELECT number, pg_catalog.format_type(number::oid, NULL)
        FROM pg_catalog.unnest(pg_catalog.string_to_array($1, E'\n')) given (number)
        """;

    /// <summary>A name that is none, or is gone, has no columns.</summary>
    private const string Targets = """
        SELECT name, a.attnum::text, a.attname::text
        FROM pg_catalog.unnest(pg_catalog.string_to_array($1, E'\n')) given (name)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = pg_catalog.to_regclass(name) AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY name, a.attnum
        """;

    /// <summary>Looks at each, in the transaction that is open if one is. Nothing of it stays.</summary>
    public async Task<IReadOnlyList<ShapeLook>> LookAsync(IReadOnlyList<ShapeAttempt> attempts)
    {
        bool isOwn = await connection.BeginLookAsync();
        try
        {
            Dictionary<int, PostgresException> errors = await PrepareAsync(attempts);
            int[] taken = [.. Enumerable.Range(0, attempts.Count).Where(index => !errors.ContainsKey(index))];
            Dictionary<string, ShapeMeaning> meanings = await MeaningsAsync([.. taken.Select(Name)]);
            await TargetsAsync(attempts, taken, meanings);
            await TryAsync(attempts, taken, meanings);
            return [.. attempts.Select((_, index) => errors.TryGetValue(index, out PostgresException? error)
                ? new ShapeLook(Error(error))
                : new ShapeLook(meanings[Name(index)]))];
        }
        finally
        {
            await connection.EndLookAsync(isOwn);
        }
    }

    private static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{index}");

    private static ShapeError Error(PostgresException error) => new(error.SqlState, error.MessageText);

    /// <summary>All of them, then those that failed in another way, as long as there is one. The errors of those that failed.</summary>
    private async Task<Dictionary<int, PostgresException>> PrepareAsync(IReadOnlyList<ShapeAttempt> attempts)
    {
        foreach (ShapeAttempt attempt in attempts)
        {
            attempt.Begin();
        }

        Dictionary<int, PostgresException> failed = [];
        List<int> next = [.. Enumerable.Range(0, attempts.Count)];
        while (next.Count > 0)
        {
            Dictionary<int, PostgresException> errors =
                await connection.TryAllAsync([.. next.Select(index => attempts[index].Prepare(Name(index)))]);
            List<int> again = [];
            foreach ((int place, PostgresException error) in errors)
            {
                int index = next[place];
                // The first error is about the text as the code has it, unless the server's normaliser has broken that.
                failed[index] = failed.GetValueOrDefault(index) is { SqlState: not "42601" } first ? first : error;
                if (attempts[index].Next(error, Name(index)))
                {
                    again.Add(index);
                }
            }

            foreach (int index in next.Where((_, place) => !errors.ContainsKey(place)))
            {
                failed.Remove(index);
            }

            next = again;
        }

        return failed;
    }

    private async Task<Dictionary<string, ShapeMeaning>> MeaningsAsync(IReadOnlyList<string> names)
    {
        Dictionary<string, string[]> parameters = (await connection.QueryAsync(Prepared))
            .ToDictionary(row => row[0]!, row => Lines(row[1]), StringComparer.Ordinal);
        Dictionary<string, List<(string Name, uint Type)>> columns = await connection.DescribeAsync(names);
        string types = string.Join('\n', columns.Values.SelectMany(described => described).Select(column => column.Type).Distinct());
        Dictionary<string, string> typeNames = types.Length == 0
            ? []
            : (await connection.QueryAsync(Types, types)).ToDictionary(row => row[0]!, row => row[1]!, StringComparer.Ordinal);
        return names.ToDictionary(
            name => name,
            name => new ShapeMeaning(
                parameters[name],
                [.. columns.GetValueOrDefault(name, []).Select(column => new ShapeColumn(
                    column.Name, typeNames[column.Type.ToString(CultureInfo.InvariantCulture)], column.Type))]),
            StringComparer.Ordinal);
    }

    private async Task TargetsAsync(
        IReadOnlyList<ShapeAttempt> attempts, int[] taken, Dictionary<string, ShapeMeaning> meanings)
    {
        Dictionary<int, string> tables = taken
            .Select(index => (index, Insert: InsertShape.Of(attempts[index].Text)))
            .Where(shape => shape.Insert is { NamesColumns: false })
            .ToDictionary(shape => shape.index, shape => shape.Insert!.Table);
        if (tables.Count == 0)
        {
            return;
        }

        ILookup<string, TargetColumn> columns =
            (await connection.QueryAsync(Targets, string.Join('\n', tables.Values.Distinct(StringComparer.Ordinal))))
            .ToLookup(
                row => row[0]!,
                row => new TargetColumn(int.Parse(row[1]!, CultureInfo.InvariantCulture), row[2]!),
                StringComparer.Ordinal);
        foreach ((int index, string table) in tables)
        {
            meanings[Name(index)] = meanings[Name(index)] with { Targets = [.. columns[table]] };
        }
    }

    /// <summary>
    /// Runs INSERTs, which an empty table answers as a full one does: a column that must have a value and has none, a trigger's function
    /// that fails. What an INSERT needs of an index only planning tells.
    /// </summary>
    private async Task TryAsync(IReadOnlyList<ShapeAttempt> attempts, int[] taken, Dictionary<string, ShapeMeaning> meanings)
    {
        (int Index, InsertShape Shape)[] inserts = [.. taken
            .Select(index => (index, Shape: InsertShape.Of(attempts[index].Text)!))
            .Where(insert => insert.Shape is { IsPlain: true } or { HasConflict: true })];
        if (inserts.Length == 0)
        {
            return;
        }

        StandIns values = await StandIns.ReadAsync(
            connection, inserts.SelectMany(insert => meanings[Name(insert.Index)].Parameters));
        Dictionary<int, PostgresException> errors = await connection.TryAllAsync([.. inserts.Select(insert =>
            $"{(insert.Shape.IsPlain ? "" : "EXPLAIN ")}EXECUTE {Name(insert.Index)}"
            + values.For(meanings[Name(insert.Index)].Parameters))]);
        for (int place = 0; place < inserts.Length; place++)
        {
            string name = Name(inserts[place].Index);
            meanings[name] = meanings[name] with
            {
                WasTried = true,
                Trial = errors.TryGetValue(place, out PostgresException? error) ? Error(error) : null,
            };
        }
    }

    private static string[] Lines(string? text) => string.IsNullOrEmpty(text) ? [] : text.Split('\n');
}
