namespace SchemaGate.Postgres.Parsing;

/// <summary>
/// Says of a statement that the parser has refused whether it is written in a syntax that came after the parser (release notes of
/// PostgreSQL 18). It only words the refusal: what is missed here is unread all the same.
/// </summary>
internal static class NewerSyntax
{
    private const int MostTokens = 4096;

    /// <summary>Tokens in a row, "_" for any one; the first that is found names the syntax.</summary>
    private static readonly (int Since, string Name, string[] Tokens)[] s_forms =
    [
        (18, "ENFORCED", ["ENFORCED"]),
        (18, "a virtual generated column", ["VIRTUAL"]),
        (18, "a named NOT NULL constraint", ["CONSTRAINT", "_", "NOT", "NULL"]),
        (18, "NOT NULL as a table's constraint", ["ADD", "NOT", "NULL"]),
        (18, "WITHOUT OVERLAPS", ["WITHOUT", "OVERLAPS"]),
        (18, "PERIOD", ["PERIOD"]),
        (18, "RETURNING WITH", ["RETURNING", "WITH"]),
        (18, "ONLY", ["VACUUM", "ONLY"]),
        (18, "ONLY", ["ANALYZE", "ONLY"]),
        (18, "a constraint's INHERIT", ["ALTER", "CONSTRAINT", "_", "INHERIT"]),
        (18, "a constraint's NO INHERIT", ["ALTER", "CONSTRAINT", "_", "NO", "INHERIT"]),
        (18, "LARGE OBJECTS", ["ON", "LARGE", "OBJECTS"]),
        (18, "a generated column without STORED", ["GENERATED", "ALWAYS", "AS", "("]),
    ];

    /// <summary>A clause for people, or null where the statement has nothing that is known to be newer.</summary>
    /// <param name="statement">SQL that the parser has refused.</param>
    /// <param name="parserVersion">The parser's PostgreSQL major version.</param>
    public static string? In(string statement, int parserVersion)
    {
        List<string> tokens = Tokens(statement);
        return s_forms
            .Where(form => form.Since > parserVersion && IsIn(tokens, form.Tokens))
            .Select(form => $"{form.Name} is syntax of PostgreSQL {form.Since}, newer than the parser")
            .FirstOrDefault();
    }

    private static List<string> Tokens(string statement)
    {
        List<string> found = [];
        SqlTokens tokens = new(statement);
        while (found.Count < MostTokens && tokens.Next())
        {
            found.Add(tokens.Token.ToString().ToUpperInvariant());
        }

        return found;
    }

    private static bool IsIn(List<string> tokens, string[] form) =>
        Enumerable.Range(0, Math.Max(0, tokens.Count - form.Length + 1))
            .Any(start => form.Index().All(part => part.Item is "_" || part.Item == tokens[start + part.Index]));
}
