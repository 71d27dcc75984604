using SchemaGate.Core.Changelogs.Drafting;

namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>Storage parameters and the options of views and publications: <c>name=value</c> each.</summary>
internal static class StorageOptions
{
    /// <summary>As WITH (…) and SET (…) have them.</summary>
    public static string All(CatalogObject item) => string.Join(", ", Read(item).Select(Pair));

    /// <summary>SET and RESET, one action each.</summary>
    public static IEnumerable<string> Changed(CatalogObject from, CatalogObject to)
    {
        Dictionary<string, string> old = Read(from), now = Read(to);
        string[] set = [.. now.Where(item => old.GetValueOrDefault(item.Key) != item.Value).Select(Pair)];
        string[] reset = [.. old.Keys.Except(now.Keys, StringComparer.Ordinal).Select(Name)];
        if (set.Length > 0)
        {
            yield return $"SET ({string.Join(", ", set)})";
        }

        if (reset.Length > 0)
        {
            yield return $"RESET ({string.Join(", ", reset)})";
        }
    }

    private static Dictionary<string, string> Read(CatalogObject item) => QuotedText.Split(item[CatalogFact.Options] ?? "", ',', '\n')
        .Select(option => option.Split('=', 2)).Where(option => option.Length == 2)
        .ToDictionary(option => option[0].Trim(), option => option[1].Trim(), StringComparer.Ordinal);

    private static string Pair(KeyValuePair<string, string> option) =>
        $"{Name(option.Key)} = {(option.Value.StartsWith('\'') ? option.Value : Sql.Literal(option.Value))}";

    /// <summary>A parameter of the table's TOAST stands behind <c>toast.</c></summary>
    private static string Name(string name) => string.Join('.', name.Split('.').Select(Sql.Name));
}
