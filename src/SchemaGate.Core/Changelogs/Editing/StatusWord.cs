namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>A status, written as another one was.</summary>
internal static class StatusWord
{
    /// <summary>In the marks and the case of the word that stood there; a remark behind it was said of that one.</summary>
    public static string Like(string value, ChangelogStatus status)
    {
        string word = status.ToString();
        Range? stood = Words.In(value).Select(range => (Range?)range).FirstOrDefault();
        if (stood is not { } range || StatusText.FirstWord(value) is null)
        {
            return $"`{word.ToUpperInvariant()}`";
        }

        int start = range.Start.Value;
        string marks = value[(value.AsSpan(0, start).TrimEnd("`*_").Length)..start];
        string mirrored = string.Concat(marks.Reverse());
        bool isMarked = value.AsSpan(range.End.Value).StartsWith(mirrored);
        return isMarked ? marks + Cased(value[range], word) + mirrored : Cased(value[range], word);
    }

    private static string Cased(string like, string word) => like switch
    {
        _ when like.All(char.IsLower) => word.ToLowerInvariant(),
        _ when like.Skip(1).All(char.IsLower) => word,
        _ => word.ToUpperInvariant(),
    };
}
