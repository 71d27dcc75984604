using System.Text.RegularExpressions;
using SchemaGate.Core.Changelogs;

namespace SchemaGate.Core.Rehearsals;

/// <summary>The way back that somebody wrote down for a migration.</summary>
/// <param name="Sql">What can be run, or null where there are only words, or nothing.</param>
/// <param name="ByHand">The words beside it: what is done by hand, or lost.</param>
/// <param name="From">Whose it is: <c>down.sql</c> or <c>the entry</c>; null where nobody wrote one.</param>
public sealed partial record RollbackText(string? Sql, IReadOnlyList<string> ByHand, string? From)
{
    /// <summary>A file beside the migration counts before the entry: a tool may run it.</summary>
    /// <param name="entry">Null where the document has none.</param>
    /// <param name="file">The text of the migration's <c>down.sql</c>; null where there is none.</param>
    public static RollbackText Of(ChangelogEntry? entry, string? file)
    {
        if (!string.IsNullOrWhiteSpace(file))
        {
            return new(file, [], "down.sql");
        }

        ChangelogField[] fields =
            [.. entry?.Fields.Where(field => field.HasContent && FieldLabel.IsRollback(field.Label)) ?? []];
        string[] code = [.. fields.SelectMany(field => field.Code).Where(text => !string.IsNullOrWhiteSpace(text))];
        string[] lines = [.. fields.SelectMany(field => field.Items)];
        string[] texts = [.. fields.Select(field => field.Text).Where(text => text.Length > 0)];
        string[] statements = code.Length > 0 ? code : [.. texts.Concat(lines).Where(text => Statement().IsMatch(text))];
        bool hasSql = statements.Length > 0;
        string[] words = [.. texts.Where(_ => !hasSql).Concat(lines).Where(text => !Statement().IsMatch(text))];
        string? from = fields.Length > 0 ? "the entry" : null;
        return new(hasSql ? string.Join('\n', statements) : null, words, from);
    }

    /// <summary>
    /// A whole line that is SQL, its semicolon included: "Drop tables and enum" is none, and what is cut off is none either.
    /// </summary>
    [GeneratedRegex(
        @"^\s*(?:ALTER|CREATE|DROP|DELETE\s+FROM|INSERT\s+INTO|UPDATE|TRUNCATE|COMMENT\s+ON|GRANT|REVOKE|SET|DO|SELECT|BEGIN|REINDEX)\s"
            + @".*;\s*$",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Statement();
}
