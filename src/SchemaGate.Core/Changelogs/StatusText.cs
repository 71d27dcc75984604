namespace SchemaGate.Core.Changelogs;

/// <summary>The three status words as people write them: any case, an emoji before, remarks behind.</summary>
internal static class StatusText
{
    /// <summary>The status that a text states, or null: the first word must be one of the three, and no other of them may follow.</summary>
    public static ChangelogStatus? Parse(string text)
    {
        var words = Words.In(text).Select(word => Status(text[word])).ToList();
        return words is [{ } stated, ..] && words.All(word => word is null || word == stated) ? stated : null;
    }

    /// <summary>The status that the first word names, or null. Digits and symbols before it do not count; an identifier is no word.</summary>
    public static ChangelogStatus? FirstWord(string text)
    {
        foreach (Range word in Words.In(text))
        {
            return Words.StandsAlone(text, word) ? Status(text[word]) : null;
        }

        return null;
    }

    /// <summary>Whether a text has this status as a word anywhere.</summary>
    public static bool Mentions(string text, ChangelogStatus status) =>
        Words.In(text).Any(word => Words.StandsAlone(text, word) && Status(text[word]) == status);

    private static ChangelogStatus? Status(string word) => word.ToUpperInvariant() switch
    {
        "PENDING" => ChangelogStatus.Pending,
        "MIGRATED" => ChangelogStatus.Migrated,
        "DEPLOYED" => ChangelogStatus.Deployed,
        _ => null,
    };
}
