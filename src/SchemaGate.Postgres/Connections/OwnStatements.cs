namespace SchemaGate.Postgres.Connections;

/// <summary>
/// SchemaGate's own statements by a word that they carry: among those that <c>pg_stat_statements</c> keeps they are no application's.
/// </summary>
internal static class OwnStatements
{
    public const string Mark = "/* schemagate */";

    /// <summary>The statement with the mark behind its first word: a comment before that is not kept by every server.</summary>
    public static string Marked(string sql)
    {
        string text = sql.TrimStart();
        int end = text.AsSpan().IndexOfAnyExceptInRange('A', 'Z');
        return end < 0 ? text : $"{text[..end]} {Mark}{text[end..]}";
    }
}
