namespace SchemaGate.Core.Changelogs;

/// <summary>Which migration a heading means that has more than its name, or its name in another case.</summary>
internal sealed class MeantNames
{
    private static readonly char[] s_separators =
        [' ', '\t', '\u00A0', ',', ';', ':', '(', ')', '[', ']', '"', '\'', '/', '\\', '—', '–', '|'];

    private readonly Dictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase);

    public MeantNames(IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            _names.TryAdd(name, name);
        }
    }

    /// <summary>Null where no word of the heading is a migration's name.</summary>
    public string? In(string heading) => heading.Split(s_separators, StringSplitOptions.RemoveEmptyEntries)
        .Select(word => Find(word) ?? Find(Bare(word))).FirstOrDefault(name => name is not null);

    private string? Find(string word) => _names.GetValueOrDefault(word);

    private static string Bare(string word) =>
        word.EndsWith(".sql", StringComparison.OrdinalIgnoreCase) ? word[..^".sql".Length] : word.TrimEnd('.', '-');
}
