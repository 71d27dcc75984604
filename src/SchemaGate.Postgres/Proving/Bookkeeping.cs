using System.Text.RegularExpressions;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History.Dialects;

namespace SchemaGate.Postgres.Proving;

/// <summary>
/// Which statements are no application's: SchemaGate's own, those about a migration tool's history or about what is counted, and those that
/// ask nothing but the server's catalogs, as tools and drivers do.
/// </summary>
internal static partial class Bookkeeping
{
    private const RegexOptions Plain =
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    private static readonly HashSet<string> s_tools = new(HistoryDialects.Tables, StringComparer.Ordinal);

    public static bool Is(string text)
    {
        if (text.Contains(OwnStatements.Mark, StringComparison.Ordinal) || OfSession().IsMatch(text)
            || text.Contains("pg_stat_statements", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        Match[] relations = [.. Relations().Matches(text).Where(match => match.Groups["name"].Success)];
        return Array.Exists(relations, relation => s_tools.Contains(relation.Groups["name"].Value))
            || (relations.Length > 0 && Query().IsMatch(text) && Array.TrueForAll(relations, IsCatalog));
    }

    private static bool IsCatalog(Match relation) => relation.Groups["schema"].Value is "pg_catalog" or "information_schema"
        || (relation.Groups["schema"].Length == 0 && relation.Groups["name"].Value.StartsWith("pg_", StringComparison.Ordinal));

    [GeneratedRegex(@"^(\s|--[^\n]*\n|/\*[^*]*\*/)*(SELECT|WITH)\b", Plain)]
    private static partial Regex Query();

    /// <summary>A session's own settings or lock, or the server's version, and no table's rows.</summary>
    [GeneratedRegex(
        @"^\s*SELECT\s+((pg_catalog\.)?version\(\)|pg_catalog\.(set_config|pg_\w+)\([^()]*\))"
            + @"(\s*,\s*pg_catalog\.set_config\([^()]*\))*\s*$",
        Plain)]
    private static partial Regex OfSession();

    /// <summary>What is named as a relation; EXTRACT's and DISTINCT's FROM, and a query in parentheses, name none.</summary>
    [GeneratedRegex(
        """\bEXTRACT\s*\(\s*\S+\s+FROM\b|\bDISTINCT\s+FROM\b|\bJOIN\s+LATERAL\s*\("""
            + """|\b(FROM|JOIN|INTO|UPDATE)\s+((ONLY|LATERAL)\s+)?("?(?<schema>\w+)"?\.)?"?(?<name>\w+)""",
        Plain)]
    private static partial Regex Relations();
}
