namespace SchemaGate.Postgres.Proving;

/// <summary>Values for the parameters of a shape: one of each type, which says nothing of what the code writes.</summary>
internal sealed class StandIns
{
    /// <summary>Of each name of a type: its base type's category and name, and an enum's first label.</summary>
    private const string Query = """
        WITH RECURSIVE base AS (
          SELECT name, name::pg_catalog.regtype::oid AS type FROM pg_catalog.unnest(pg_catalog.string_to_array($1, E'\n')) given (name)
          UNION ALL
          SELECT base.name, t.typbasetype FROM base JOIN pg_catalog.pg_type t ON t.oid = base.type AND t.typtype = 'd')
        SELECT base.name, t.typcategory::text, t.typname::text,
          (SELECT e.enumlabel::text FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder LIMIT 1)
        FROM base JOIN pg_catalog.pg_type t ON t.oid = base.type WHERE t.typtype <> 'd'
        """;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Reads what is not known yet. A type may be another after a migration, so none is kept for long.</summary>
    public static async Task<StandIns> ReadAsync(ProvingConnection connection, IEnumerable<string> types)
    {
        StandIns values = new();
        foreach (string?[] row in await connection.QueryAsync(Query, string.Join('\n', types.Distinct(StringComparer.Ordinal))))
        {
            values._values[row[0]!] = Literal(row[1]!, row[2]!, row[3]);
        }

        return values;
    }

    /// <summary>The parameters of an EXECUTE, in parentheses; empty where there are none.</summary>
    public string For(IReadOnlyList<string> types) =>
        types.Count == 0 ? "" : $"({string.Join(", ", types.Select(type => _values.GetValueOrDefault(type, "NULL")))})";

    /// <param name="category">pg_type.typcategory (documentation, 53.64).</param>
    private static string Literal(string category, string name, string? label) => category switch
    {
        "A" => "'{}'",
        "B" => "'true'",
        "D" => "'2024-01-01 12:00:00'",
        "E" when label is not null => $"'{label.Replace("'", "''", StringComparison.Ordinal)}'",
        "G" => name == "point" ? "'(0,0)'" : "NULL",
        "I" => "'127.0.0.1'",
        "N" or "S" or "V" => "'1'",
        "R" => "'empty'",
        "T" => "'1 day'",
        _ => name switch
        {
            "uuid" => "'00000000-0000-4000-8000-000000000001'",
            "json" or "jsonb" => "'{}'",
            "bytea" or "tsvector" or "hstore" => "''",
            "citext" => "'1'",
            _ => "NULL",
        },
    };
}
