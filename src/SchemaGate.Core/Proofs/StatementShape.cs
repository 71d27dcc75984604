namespace SchemaGate.Core.Proofs;

/// <summary>One statement of running code, its constants replaced by parameters, as <c>pg_stat_statements</c> keeps it.</summary>
/// <param name="Text">Without a semicolon.</param>
/// <param name="Calls">How often it ran; 0 where that is not known.</param>
/// <param name="Role">Whose statement it is; null where that is not known.</param>
public sealed record StatementShape(string Text, long Calls = 0, string? Role = null)
{
    private const int LongestLine = 200;

    /// <summary>The words that a statement which can be prepared begins with (documentation, PREPARE).</summary>
    private static readonly string[] s_first = ["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "WITH", "TABLE"];

    /// <summary>For people: on one line, cut short.</summary>
    public string Line =>
        BoundedText.Of(string.Join(' ', Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), LongestLine);

    /// <summary>Whether a word, in any case, begins a statement that can be prepared.</summary>
    public static bool IsPreparable(string? firstWord) => s_first.Contains(firstWord, StringComparer.OrdinalIgnoreCase);
}
