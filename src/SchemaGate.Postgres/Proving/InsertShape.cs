namespace SchemaGate.Postgres.Proving;

/// <summary>What an INSERT's tokens tell of it.</summary>
/// <param name="Table">As written.</param>
/// <param name="Columns">The list of columns that follows it, without quotation marks; empty where none does.</param>
/// <param name="IsPlain">
/// Whether it writes parameters, constants and the values of harmless functions: it may run with stand-ins.
/// </param>
/// <param name="HasConflict">Whether it says what to do about a row that is there, by an index that it needs.</param>
internal sealed record InsertShape(string Table, IReadOnlyList<string> Columns, bool IsPlain, bool HasConflict)
{
    /// <summary>Functions that do nothing but to return a value, or take a number from a sequence.</summary>
    private static readonly HashSet<string> s_harmless = new(
        [
            "now", "nextval", "gen_random_uuid", "uuid_generate_v4", "uuid_generate_v1", "uuidv7", "lower", "upper", "coalesce", "nullif",
            "greatest", "least", "to_timestamp", "to_date", "cast", "clock_timestamp", "statement_timestamp", "transaction_timestamp",
            "date_trunc", "jsonb_build_object", "json_build_object", "jsonb_build_array", "to_jsonb", "to_json", "concat", "md5", "round",
            "timezone", "random", "trim", "btrim", "replace", "array", "row", "values", "conflict", "in", "any", "interval", "timestamp",
            "time", "numeric", "decimal", "varchar", "char", "character", "varying", "bit", "and", "or", "not", "where", "set", "excluded",
            "on", "constraint", "as", "update", "returning", "jsonb_set",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Null where the text is none.</summary>
    public static InsertShape? Of(string text)
    {
        List<ShapeToken> tokens = ShapeTokens.Of(text);
        if (tokens.Count < 4 || !tokens[0].Is("INSERT") || !tokens[1].Is("INTO"))
        {
            return null;
        }

        int last = EndOfName(tokens, 2);
        int next = last + 1;
        if (next + 1 < tokens.Count && tokens[next].Is("AS"))
        {
            next += 2;
        }

        bool isList = next + 1 < tokens.Count && tokens[next].Text == "(" && !BeginsQuery(tokens[next + 1]);
        int source = isList ? ShapeTokens.Close(tokens, next) + 1 : next;
        return new(
            text[tokens[2].Start..tokens[last].End],
            [.. tokens[next..source].Where(token => token.IsName).Select(Name)],
            IsPlainFrom(tokens, source),
            tokens.Zip(tokens.Skip(1)).Any(pair => pair.First.Is("ON") && pair.Second.Is("CONFLICT")));
    }

    /// <summary>
    /// The tables, as written, that a text inserts into in a way that no trial follows: within WITH, by MERGE, or what a query returns
    /// without a list of columns.
    /// </summary>
    public static IReadOnlyList<string> Untried(string text)
    {
        List<ShapeToken> tokens = ShapeTokens.Of(text);
        bool isFollowed = Of(text) is { } first && (first.IsPlain || first.Columns.Count > 0);
        List<string> tables = [];
        for (int index = isFollowed ? 1 : 0; index + 2 < tokens.Count; index++)
        {
            bool inserts = tokens[index].Is("INSERT") || (tokens[index].Is("MERGE") && tokens.Skip(index).Any(token => token.Is("INSERT")));
            if (inserts && tokens[index + 1].Is("INTO"))
            {
                int name = index + 2 + (tokens[index + 2].Is("ONLY") ? 1 : 0);
                tables.Add(text[tokens[name].Start..tokens[EndOfName(tokens, name)].End]);
            }
        }

        return [.. tables.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>As the catalog has it.</summary>
    private static string Name(ShapeToken token) => token.Text is ['"', .. var quoted, '"']
        ? quoted.Replace("\"\"", "\"", StringComparison.Ordinal)
        : token.Text.ToLowerInvariant();

    private static int EndOfName(List<ShapeToken> tokens, int first)
    {
        int last = first;
        while (last + 2 < tokens.Count && tokens[last + 1].Text == ".")
        {
            last += 2;
        }

        return last;
    }

    private static bool BeginsQuery(ShapeToken token) =>
        token.Is("SELECT") || token.Is("VALUES") || token.Is("WITH") || token.Is("TABLE") || token.Text == "(";

    private static bool IsPlainFrom(List<ShapeToken> tokens, int source)
    {
        bool hasQuery = tokens.Skip(source).Any(token => token.Is("SELECT") || token.Is("TABLE") || token.Is("WITH"));
        return !hasQuery && tokens.Skip(source).Zip(tokens.Skip(source + 1))
            .All(pair => pair.Second.Text != "(" || !pair.First.IsName || s_harmless.Contains(pair.First.Text));
    }
}
