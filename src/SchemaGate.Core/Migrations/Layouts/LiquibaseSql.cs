namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>
/// Liquibase's formatted SQL: <c>--liquibase formatted sql</c>, then <c>--changeset author:id attribute:value …</c> before each change set.
/// </summary>
internal static class LiquibaseSql
{
    private const string Changeset = "changeset";

    public static bool IsFormatted(LayoutFile file) => file.EndsWith(".sql") && ScriptParts.HasMark(file, "liquibase formatted sql");

    public static IEnumerable<Migration> Read(LayoutFile file, ICollection<string> problems)
    {
        string[] lines = file.Text.Split('\n');
        string path = Attribute(lines.First(line => ScriptParts.IsMark(line, "liquibase formatted sql")), "logicalFilePath") ?? file.Path;
        List<int> starts = [.. lines.Index().Where(line => ScriptParts.IsMark(line.Item, Changeset)).Select(line => line.Index)];
        if (starts.Count == 0 && lines.Any(line => line.AsSpan().Trim() is not ([] or ['-', '-', ..])))
        {
            problems.Add($"{MigrationLayout.Printable(file.Path)} has SQL and no `--changeset author:id`: write it above.");
        }

        foreach ((int index, int start) in starts.Index())
        {
            string header = lines[start].Trim();
            if (Identity(header) is null)
            {
                problems.Add($"{MigrationLayout.Printable(file.Path)}, line {start + 1}: the change set names no author and id: "
                    + "write `--changeset author:id`.");
            }

            int end = index + 1 < starts.Count ? starts[index + 1] : lines.Length;
            if (Identity(header) is var (author, id) && IsForPostgres(Attribute(header, "dbms")) && Attribute(header, "ignore") != "true")
            {
                string sql = string.Join('\n', lines.Take(end).Select((line, place) => place < start ? "" : line));
                yield return new($"{Attribute(header, "logicalFilePath") ?? path}::{id}::{author}", sql, MigrationChecksum.None);
            }
        }
    }

    /// <summary>Such as <c>postgresql,h2</c> or <c>!mysql</c>.</summary>
    public static bool IsForPostgres(string? dbms)
    {
        string[] names = (dbms ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return !names.Contains("!postgresql", StringComparer.OrdinalIgnoreCase)
            && (names.All(name => name[0] == '!') || names.Contains("postgresql", StringComparer.OrdinalIgnoreCase)
                || names.Contains("all", StringComparer.OrdinalIgnoreCase));
    }

    private static (string Author, string Id)? Identity(string header)
    {
        string text = header[(header.IndexOf(Changeset, StringComparison.OrdinalIgnoreCase) + Changeset.Length)..].TrimStart();
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon <= 0 ? null : (Unquoted(text[..colon].Trim()), Unquoted(text[(colon + 1)..].TrimStart().Split(' ', '\t')[0]));
    }

    private static string? Attribute(string line, string name)
    {
        int start = line.IndexOf($" {name}:", StringComparison.OrdinalIgnoreCase);
        return start < 0 ? null : Unquoted(line[(start + name.Length + 2)..].Trim().Split(' ', '\t')[0]);
    }

    private static string Unquoted(string text) => text.Trim('"', '\'');
}
