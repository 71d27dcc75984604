using System.Globalization;
using Npgsql;
using SchemaGate.Core.Proofs;

namespace SchemaGate.Postgres.Proving;

/// <summary>Looks at shapes in a database: prepares each, and asks what it takes and returns.</summary>
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

    /// <summary>Looks at each, in the transaction that is open if one is. Nothing of it stays.</summary>
    public async Task<IReadOnlyList<ShapeLook>> LookAsync(IReadOnlyList<ShapeAttempt> attempts)
    {
        bool isOwn = await connection.BeginLookAsync();
        IReadOnlyList<string> sequences = [];
        try
        {
            Dictionary<int, PostgresException> errors = await PrepareAsync(attempts);
            int[] taken = [.. Enumerable.Range(0, attempts.Count).Where(index => !errors.ContainsKey(index))];
            Dictionary<string, ShapeMeaning> meanings = await MeaningsAsync([.. taken.Select(Name)]);
            await TypedAsync(attempts, taken, meanings, errors);
            sequences = await connection.SequencesAsync();
            await new ShapeTrials(connection).TryAsync(
                [.. taken.Where(index => !errors.ContainsKey(index)).Select(index => (Name(index), attempts[index].Text))], meanings);
            return [.. attempts.Select((_, index) => errors.TryGetValue(index, out PostgresException? error)
                ? new ShapeLook(Error(error))
                : new ShapeLook(meanings[Name(index)]))];
        }
        finally
        {
            await connection.EndLookAsync(isOwn, sequences);
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

    /// <summary>Where parameters have got other types: whether the old ones are taken, too.</summary>
    private async Task TypedAsync(
        IReadOnlyList<ShapeAttempt> attempts, int[] taken, Dictionary<string, ShapeMeaning> meanings,
        Dictionary<int, PostgresException> errors)
    {
        (int Index, string Text)[] typed = [.. taken
            .Select(index => (index, Text: attempts[index].PrepareTyped($"typed_{Name(index)}", meanings[Name(index)].Parameters)!))
            .Where(shape => shape.Text is not null)];
        foreach ((int place, PostgresException error) in await connection.TryAllAsync([.. typed.Select(shape => shape.Text)]))
        {
            // A type that has been renamed or dropped: nobody can send it any more, and the server tells another.
            if (error.SqlState != "42704")
            {
                errors[typed[place].Index] = error;
            }
        }
    }

    private static string[] Lines(string? text) => string.IsNullOrEmpty(text) ? [] : text.Split('\n');
}
