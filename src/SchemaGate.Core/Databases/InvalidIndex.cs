using System.Text.RegularExpressions;

namespace SchemaGate.Core.Databases;

/// <summary>
/// Indexes that a failed or killed CREATE INDEX or REINDEX CONCURRENTLY leaves: they serve no query, a unique one enforces nothing for
/// certain, and IF NOT EXISTS passes over them (PostgreSQL documentation, CREATE INDEX, "Building Indexes Concurrently"; REINDEX,
/// "Rebuilding Indexes Concurrently").
/// </summary>
public static partial class InvalidIndex
{
    /// <summary>How many are named.</summary>
    private const int Shown = 5;

    /// <summary>What is wrong with them and what mends each, in sentences; empty where there is none.</summary>
    /// <param name="names">Quoted where need be, with their schemas.</param>
    public static IReadOnlyList<string> Sentences(IReadOnlyList<string> names) =>
    [
        .. names.Take(Shown).Select(Sentence),
        .. names.Count > Shown ? ["There are more INVALID indexes: see pg_index.indisvalid."] : (string[])[],
    ];

    /// <summary>The statement that takes one away.</summary>
    public static string Drop(string name) => $"DROP INDEX CONCURRENTLY {name}";

    private static string Sentence(string name) => Transient().IsMatch(name)
        ? $"The index {name} is INVALID, left by a REINDEX CONCURRENTLY that did not end: `{Drop(name)}`."
        : $"The index {name} is INVALID: its build failed or was killed, so it serves no query and, if it is unique, enforces nothing. "
            + $"`REINDEX INDEX CONCURRENTLY {name}` builds it; `{Drop(name)}` lets its migration create it again.";

    [GeneratedRegex("_cc(?:new|old)[0-9]*\"?$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Transient();
}
