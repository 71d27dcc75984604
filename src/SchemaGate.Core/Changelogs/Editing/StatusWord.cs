namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>A status, written as another one was.</summary>
internal static class StatusWord
{
    /// <summary>
    /// In the marks and the case of the word that stood there; what stands around that stays. Null where a text stood there that names no
    /// status and says more than a word.
    /// </summary>
    public static string? Like(string value, ChangelogStatus status)
    {
        string word = status.ToString();
        List<Range> words = [.. Words.In(value).Take(2)];
        if (words is not [var stood, ..] || StatusText.FirstWord(value) is null)
        {
            return words.Count < 2 ? $"`{word.ToUpperInvariant()}`" + LineTail.Of(value) : null;
        }

        return value[..stood.Start] + Cased(value[stood], word) + value[stood.End..];
    }

    /// <summary>What is said behind the word of a status.</summary>
    public static string Remark(string value) =>
        Words.In(value).Select(word => value[word.End..]).FirstOrDefault("").Trim(' ', '`', '*', '_');

    private static string Cased(string like, string word) => like switch
    {
        _ when like.All(char.IsLower) => word.ToLowerInvariant(),
        _ when like.Skip(1).All(char.IsLower) => word,
        _ => word.ToUpperInvariant(),
    };
}
