using System.Collections.Frozen;

namespace SchemaGate.Core.Changelogs;

/// <summary>The migrations' names in a Migration File bullet.</summary>
internal static class MigrationFileText
{
    private static readonly char[] s_separators = [' ', '\t', '\n', ',', ';', '(', ')', '[', ']', '"', '\''];

    private static readonly FrozenSet<string> s_labels = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Migration",
        "Migrations",
        "Migration File",
        "Migration Files",
        "Migration Name",
        "Migration Path",
        "Migration Folder",
        "Migration Directory");

    public static IReadOnlyList<string> Names(IEnumerable<ChangelogField> fields)
    {
        List<string> names = [];
        foreach (ChangelogField field in fields)
        {
            if (s_labels.Contains(field.Label))
            {
                IEnumerable<string> texts = field.Items.Prepend(field.Text).Prepend(field.Link ?? "");
                names.AddRange(texts.SelectMany(Parts).Select(Name).OfType<string>());
            }
        }

        return names.Count <= 1 ? names : names.Distinct(StringComparer.Ordinal).ToList();
    }

    /// <summary>Whether a text is a migration's name and not a free title: digits, an underscore, no white space.</summary>
    public static bool IsMigrationName(string text)
    {
        int digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return digits > 0 && text[digits] == '_' && digits + 1 < text.Length
            && !text.Any(symbol => char.IsWhiteSpace(symbol) || symbol == '/');
    }

    private static string[] Parts(string text) => text.Split(s_separators, StringSplitOptions.RemoveEmptyEntries);

    private static string? Name(string text)
    {
        string[] path = text.Split('/', '\\');
        int directory = Array.IndexOf(path, "migrations") + 1;
        int file = Array.IndexOf(path, "migration.sql") - 1;
        int name = directory > 0 && directory < path.Length ? directory : file;
        if (name == directory && name < path.Length - 1 && path[^1].Contains('.', StringComparison.Ordinal) && file < 0
            && !IsMigrationName(path[name]))
        {
            // Tools that keep files keep them in directories that mean nothing.
            name = path.Length - 1;
        }

        if (name >= 0 && path[name].Length > 0)
        {
            return path[name];
        }

        return IsMigrationName(text) ? text : null;
    }
}
